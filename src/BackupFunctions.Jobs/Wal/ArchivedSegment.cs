namespace BackupFunctions.Jobs.Wal;

/// <param name="Stored">The object.</param>
/// <param name="Start">Its first byte.</param>
/// <param name="End">Behind its last byte.</param>
internal sealed record ArchivedSegment(StoredWal Stored, ulong Start, ulong End);
