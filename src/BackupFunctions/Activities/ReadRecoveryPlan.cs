using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Settings;

namespace BackupFunctions.Activities;

/// <summary>Settings enter the history once, so that a change in the middle of a recovery does not change its course.</summary>
public sealed class ReadRecoveryPlan(BackupSettings settings)
{
    [Function(nameof(ReadRecoveryPlan))]
    public RecoveryPlan Run([ActivityTrigger] string restoreId) => new()
    {
        CanRestart = settings.Recovery.Restart is not null,
        CanReroute = settings.Recovery.Reroute is not null,
        HasHealthCheck = settings.Recovery.HealthCheckUrl is not null,
        HasPublicHealthCheck = settings.Recovery.PublicHealthCheckUrl is not null,
        HealthCheckAttempts = settings.Recovery.HealthCheckAttempts,
        HealthCheckInterval = settings.Recovery.HealthCheckInterval,
    };
}
