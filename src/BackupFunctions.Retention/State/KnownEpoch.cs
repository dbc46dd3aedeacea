namespace BackupFunctions.Retention.State;

/// <summary>One start of a receiver: its document, and what has no position of its own, histories and inventories, go together when all of its log has.</summary>
/// <param name="SystemId">The server's system identifier.</param>
/// <param name="Id">Sorts by its start.</param>
/// <param name="Timeline">From 1.</param>
/// <param name="StartLsn">Where it began, or the first byte of what it archived, bytes.</param>
/// <param name="EndLsn">Behind the last byte that it is known to have archived; <paramref name="StartLsn"/>: nothing.</param>
/// <param name="At">When the last of all that was written.</param>
/// <param name="SegmentSize">Bytes.</param>
public sealed record KnownEpoch(string SystemId, string Id, int Timeline, ulong StartLsn, ulong EndLsn, DateTimeOffset At, int SegmentSize)
{
    /// <summary>The history of its timeline is encrypted with its key.</summary>
    public bool HasHistory { get; init; }

    /// <summary>It has objects of which nothing is known but that they are its own.</summary>
    public bool IsHeld { get; init; }
}
