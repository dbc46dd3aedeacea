using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;
using BackupFunctions.Workflows;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Schedules;

/// <summary>
/// Every day at CONFIGURATION_BACKUP_SCHEDULE (04:00 UTC by default): the configuration of each server that has configured databases or
/// whose write-ahead log is archived. A second name of a server, for restores, has neither.
/// </summary>
public sealed class DailyConfiguration(BackupSettings settings, ILogger<DailyConfiguration> logger)
{
    [Function(nameof(DailyConfiguration))]
    public async Task Run(
        [TimerTrigger("%CONFIGURATION_BACKUP_SCHEDULE%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (var server in settings.Servers.Where(server =>
            server.Wal != WalMode.Off || settings.Databases.Any(database => string.Equals(database.Server, server.Name, StringComparison.Ordinal))))
        {
            var instance = await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(ConfigurationBackup), new ConfigurationBackupParameters(server.Name, "schedule"), cancellationToken);
            logger.LogInformation("Configuration backup of {Server} started as {Instance}{PastDue}.", server.Name, instance, timer.IsPastDue ? " (past due)" : string.Empty);
        }
    }
}
