namespace BackupFunctions.Jobs.Verify;

/// <param name="BackupId">The backup.</param>
/// <param name="CheckedAt">When a copy of it was last read back; null: never.</param>
/// <param name="Incomplete">Storage says already that a copy is missing or quarantined that should be there.</param>
internal sealed record Candidate(string BackupId, DateTimeOffset? CheckedAt, bool Incomplete);
