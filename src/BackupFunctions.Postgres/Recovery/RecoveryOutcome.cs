namespace BackupFunctions.Postgres.Recovery;

/// <param name="ReachedLsn">Everything before it was replayed, bytes.</param>
/// <param name="Timeline">That the log was followed on.</param>
/// <param name="LastCommitAt">Of the last transaction replayed; null: none was.</param>
public sealed record RecoveryOutcome(ulong ReachedLsn, int Timeline, DateTimeOffset? LastCommitAt)
{
    /// <summary>The target lies behind the last transaction: the server has no record that tells it so, and is promoted without it.</summary>
    public bool IsBehindEnd { get; init; }
}
