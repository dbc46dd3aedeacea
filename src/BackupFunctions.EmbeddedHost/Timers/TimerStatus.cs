namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>What is remembered of a schedule; times in UTC, to the microsecond that PostgreSQL keeps.</summary>
/// <param name="Last">Start of the last run; null before the first.</param>
/// <param name="Next">The occurrence that is awaited.</param>
/// <param name="LastUpdated">The time Next was computed from.</param>
internal sealed record TimerStatus(DateTimeOffset? Last, DateTimeOffset Next, DateTimeOffset LastUpdated);
