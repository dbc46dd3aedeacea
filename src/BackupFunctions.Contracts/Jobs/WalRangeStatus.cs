namespace BackupFunctions.Contracts.Jobs;

/// <summary>A stretch of log without a hole.</summary>
/// <param name="Timeline">From 1.</param>
/// <param name="StartLsn">For example 0/16000000.</param>
/// <param name="EndLsn">Behind its last byte.</param>
/// <param name="Segments">The last one perhaps partial.</param>
/// <param name="FirstAt">When its first object was archived.</param>
/// <param name="LastAt">When its last object was archived.</param>
public sealed record WalRangeStatus(int Timeline, string StartLsn, string EndLsn, int Segments, DateTimeOffset FirstAt, DateTimeOffset LastAt);
