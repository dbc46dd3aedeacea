using BackupFunctions.Archive.Wal;

namespace BackupFunctions.Jobs.Wal;

/// <param name="Name">Parsed; nothing of it is proven before the object is read.</param>
/// <param name="Key">Where it lies.</param>
/// <param name="Sizes">Bytes, as each target that has it says.</param>
internal sealed record FoundWal(WalObjectName Name, string Key, IReadOnlyDictionary<string, long> Sizes);
