using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;
using BackupFunctions.Workflows;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Schedules;

/// <summary>Every day at FULL_BACKUP_SCHEDULE (02:00 UTC by default): a full backup of each database.</summary>
public sealed class DailyFullBackup(BackupSettings settings, ILogger<DailyFullBackup> logger)
{
    [Function(nameof(DailyFullBackup))]
    public async Task Run(
        [TimerTrigger("%FULL_BACKUP_SCHEDULE%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (var database in settings.Databases)
        {
            var instance = await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(FullBackup), new FullBackupParameters(database.Name, "schedule"), cancellationToken);
            logger.LogInformation(
                "Full backup of {Database} started as {Instance}{PastDue}.", database.Name, instance, timer.IsPastDue ? " (past due)" : string.Empty);
        }
    }
}
