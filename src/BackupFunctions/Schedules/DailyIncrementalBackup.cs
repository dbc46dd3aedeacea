using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;
using BackupFunctions.Workflows;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Schedules;

/// <summary>
/// Every day but Sunday at INCREMENTAL_BACKUP_SCHEDULE (02:00 UTC by default): what changed in the files of each server whose write-ahead
/// log is archived. A server that cannot have incremental backups (before version 17, or summarize_wal is off) gets none.
/// </summary>
public sealed class DailyIncrementalBackup(BackupSettings settings, ILogger<DailyIncrementalBackup> logger)
{
    [Function(nameof(DailyIncrementalBackup))]
    public async Task Run(
        [TimerTrigger("%INCREMENTAL_BACKUP_SCHEDULE%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (var server in settings.Servers.Where(server => server.Wal != WalMode.Off))
        {
            var instance = await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(IncrementalBackup), new IncrementalBackupParameters(server.Name, "schedule"), cancellationToken);
            logger.LogInformation("Incremental backup of {Server} started as {Instance}{PastDue}.", server.Name, instance, timer.IsPastDue ? " (past due)" : string.Empty);
        }
    }
}
