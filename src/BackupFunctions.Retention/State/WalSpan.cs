namespace BackupFunctions.Retention.State;

/// <summary>The write-ahead log that a base needs to become consistent.</summary>
/// <param name="SystemId">The server's system identifier.</param>
/// <param name="Timeline">From 1.</param>
/// <param name="StartLsn">Redo location of its start checkpoint, bytes.</param>
/// <param name="StopLsn">Where it is consistent, bytes.</param>
public sealed record WalSpan(string SystemId, int Timeline, ulong StartLsn, ulong StopLsn)
{
    /// <summary>Timeline of <see cref="StopLsn"/>: a later one when a standby followed a failover meanwhile.</summary>
    public int StopTimeline { get; init; } = Timeline;
}
