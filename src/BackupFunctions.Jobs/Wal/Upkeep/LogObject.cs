using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <param name="Key">Below the server's folder.</param>
/// <param name="Name">What the key says.</param>
/// <param name="Holders">The targets that list it.</param>
internal sealed record LogObject(string Key, WalObjectName Name, ListedWal.Holders Holders);
