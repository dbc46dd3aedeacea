using BackupFunctions.Archive.Compression;

namespace BackupFunctions.Jobs.Wal;

/// <param name="Cluster">First folder of every key.</param>
/// <param name="Compression">Method and level.</param>
/// <param name="RequiredCopies">Copies without which log is not safe.</param>
/// <param name="Folder">Spool of ciphertext; exists and belongs to this run.</param>
/// <param name="Time">The clock.</param>
internal sealed record WalWriterSettings(string Cluster, CompressionOptions Compression, int RequiredCopies, string Folder, TimeProvider Time);
