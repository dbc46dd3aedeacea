namespace BackupFunctions.Postgres.Recovery;

/// <param name="ReachedLsn">Everything before it was replayed, bytes.</param>
/// <param name="Timeline">That the log was followed on.</param>
/// <param name="LastCommitAt">Of the last transaction replayed; null: none was.</param>
public sealed record RecoveryOutcome(ulong ReachedLsn, int Timeline, DateTimeOffset? LastCommitAt);
