namespace BackupFunctions.Contracts.DisasterRecovery;

/// <summary>What the settings allow the runbook to do by itself, read once at its start.</summary>
public sealed record RecoveryPlan
{
    public bool CanRestart { get; init; }
    public bool CanReroute { get; init; }
    public bool HasHealthCheck { get; init; }
    public bool HasPublicHealthCheck { get; init; }
    public int HealthCheckAttempts { get; init; }
    public TimeSpan HealthCheckInterval { get; init; }
}
