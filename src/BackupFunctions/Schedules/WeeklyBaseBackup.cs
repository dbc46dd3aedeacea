using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;
using BackupFunctions.Workflows;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Schedules;

/// <summary>Every Sunday at BASE_BACKUP_SCHEDULE (03:00 UTC by default): a base backup of each server whose write-ahead log is archived.</summary>
public sealed class WeeklyBaseBackup(BackupSettings settings, ILogger<WeeklyBaseBackup> logger)
{
    [Function(nameof(WeeklyBaseBackup))]
    public async Task Run(
        [TimerTrigger("%BASE_BACKUP_SCHEDULE%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (var server in settings.Servers.Where(server => server.Wal != WalMode.Off))
        {
            var instance = await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(BaseBackup), new BaseBackupParameters(server.Name, "schedule"), cancellationToken);
            logger.LogInformation("Base backup of {Server} started as {Instance}{PastDue}.", server.Name, instance, timer.IsPastDue ? " (past due)" : string.Empty);
        }
    }
}
