using BackupFunctions.Archive.Wal;

namespace BackupFunctions.Jobs.Wal;

/// <param name="Name">The object's name.</param>
/// <param name="Size">Bytes of ciphertext.</param>
/// <param name="Targets">Those that hold it, read back.</param>
internal sealed record StoredWal(WalObjectName Name, long Size, IReadOnlyList<string> Targets);
