using BackupFunctions.Archive.Wal;

namespace BackupFunctions.Jobs.Wal;

/// <param name="Name">The object's name.</param>
/// <param name="Size">Bytes of ciphertext.</param>
/// <param name="Sha256">Of the ciphertext, hex.</param>
/// <param name="Targets">Those that hold it, read back.</param>
internal sealed record StoredWal(WalObjectName Name, long Size, string Sha256, IReadOnlyList<string> Targets);
