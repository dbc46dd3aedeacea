using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;
using BackupFunctions.Workflows;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Schedules;

/// <summary>
/// Every five minutes at WAL_SCHEDULE: the write-ahead log of each server whose setting asks for it is received. One receiver a server: one
/// that still works is left alone, and a continuous one that ended is started again.
/// </summary>
public sealed class WalArchiving(BackupSettings settings, ILogger<WalArchiving> logger)
{
    [Function(nameof(WalArchiving))]
    public async Task Run(
        [TimerTrigger("%WAL_SCHEDULE%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (var server in settings.Servers.Where(server => server.Wal != WalMode.Off))
        {
            var instance = InstanceOf(server.Name);
            if (await client.GetInstanceAsync(instance, cancellationToken) is { IsCompleted: false })
            {
                continue;
            }

            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(ReceiveWal),
                new ReceiveWalParameters(server.Name, server.Wal == WalMode.Continuous, "schedule"),
                new StartOrchestrationOptions(instance),
                cancellationToken);
            logger.LogDebug("Receiving of the write-ahead log of {Server} started{PastDue}.", server.Name, timer.IsPastDue ? " (past due)" : string.Empty);
        }
    }

    internal static string InstanceOf(string server) => $"receive-wal-{server}";
}
