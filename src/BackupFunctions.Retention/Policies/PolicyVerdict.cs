namespace BackupFunctions.Retention.Policies;

/// <param name="Reason">A sentence.</param>
/// <param name="Until">When the policy lets go; null: that depends on later backups.</param>
internal sealed record PolicyVerdict(string Reason, DateTimeOffset? Until);
