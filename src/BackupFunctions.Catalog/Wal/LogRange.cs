namespace BackupFunctions.Catalog.Wal;

/// <summary>A stretch of one timeline's log without a hole, on enough targets.</summary>
/// <param name="Timeline">From 1.</param>
/// <param name="Start">Its first byte.</param>
/// <param name="End">Behind its last byte.</param>
/// <param name="Segments">Segments in it, the last one perhaps partial.</param>
/// <param name="FirstAt">When the first object was archived, by the targets' clocks.</param>
/// <param name="LastAt">When the last one was: everything before it is older.</param>
public sealed record LogRange(int Timeline, ulong Start, ulong End, int Segments, DateTimeOffset FirstAt, DateTimeOffset LastAt);
