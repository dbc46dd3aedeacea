using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;
using BackupFunctions.Workflows;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Schedules;

/// <summary>
/// On the first of every month at MONTHLY_ARCHIVE_SCHEDULE (04:00 UTC by default): an archive of each server whose write-ahead log is archived,
/// as a base backup with the log that it needs; of the databases of all other servers a full backup each. Retention keeps them for months.
/// </summary>
public sealed class MonthlyArchive(BackupSettings settings, ILogger<MonthlyArchive> logger)
{
    [Function(nameof(MonthlyArchive))]
    public async Task Run(
        [TimerTrigger("%MONTHLY_ARCHIVE_SCHEDULE%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var physical = settings.Servers.Where(server => server.Wal != WalMode.Off).Select(server => server.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var server in physical.Order(StringComparer.Ordinal))
        {
            var instance = await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(BaseBackup), new BaseBackupParameters(server, "schedule") { Archive = true }, cancellationToken);
            Log(server, instance, timer);
        }

        foreach (var database in settings.Databases.Where(database => !physical.Contains(database.Server)))
        {
            var instance = await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(FullBackup), new FullBackupParameters(database.Name, "schedule") { Archive = true }, cancellationToken);
            Log(database.Name, instance, timer);
        }
    }

    private void Log(string subject, string instance, TimerInfo timer) =>
        logger.LogInformation("Archive of {Subject} started as {Instance}{PastDue}.", subject, instance, timer.IsPastDue ? " (past due)" : string.Empty);
}
