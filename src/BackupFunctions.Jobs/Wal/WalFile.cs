using BackupFunctions.Archive.Wal;

namespace BackupFunctions.Jobs.Wal;

/// <summary>What storage has of one file of the log: the object that was read, checked, and how far it goes.</summary>
/// <param name="Name">The object.</param>
/// <param name="Size">Bytes that were archived; a partial segment is filled with zeros behind them.</param>
/// <param name="Targets">Where its bytes came from.</param>
internal sealed record WalFile(WalObjectName Name, long Size, IReadOnlyList<string> Targets);
