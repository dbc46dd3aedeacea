namespace BackupFunctions.Postgres.Replication;

/// <param name="Timeline">From 1.</param>
/// <param name="EndLsn">Where its child left it: log of this timeline counts up to here, bytes.</param>
public sealed record TimelineSwitch(int Timeline, ulong EndLsn);
