namespace BackupFunctions.Settings;

/// <summary>What the runbook does around the restore. A part that is not set up waits for a person's word.</summary>
public sealed record RecoverySettings
{
    public ActionSettings? Restart { get; init; }
    public ActionSettings? Reroute { get; init; }
    public Uri? HealthCheckUrl { get; init; }

    /// <summary>Asked once more after rerouting: the way users come.</summary>
    public Uri? PublicHealthCheckUrl { get; init; }
    public required int HealthCheckAttempts { get; init; }
    public required TimeSpan HealthCheckInterval { get; init; }
}
