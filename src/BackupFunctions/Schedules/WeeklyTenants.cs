using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;
using BackupFunctions.Workflows;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Schedules;

/// <summary>Every Sunday at TENANT_BACKUP_SCHEDULE (03:00 UTC by default): a backup of each tenant of each database whose settings list them.</summary>
public sealed class WeeklyTenants(BackupSettings settings, ILogger<WeeklyTenants> logger)
{
    [Function(nameof(WeeklyTenants))]
    public async Task Run(
        [TimerTrigger("%TENANT_BACKUP_SCHEDULE%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (var database in settings.Databases.Where(database => database.Tenants is not null))
        {
            if (!database.Tenants!.CanList)
            {
                logger.LogWarning("Tenants of {Database} are not backed up by schedule: set Root or List of its Tenants, so that they can be listed.", database.Name);
                continue;
            }

            var instance = await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(TenantBackups), new TenantBackupParameters(database.Name, "schedule", Tenants: null), cancellationToken);
            logger.LogInformation(
                "Backups of the tenants of {Database} started as {Instance}{PastDue}.", database.Name, instance, timer.IsPastDue ? " (past due)" : string.Empty);
        }
    }
}
