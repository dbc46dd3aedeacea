using BackupFunctions.Contracts.Jobs;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Schedules;

/// <summary>Every day at CLEANUP_SCHEDULE (05:00 UTC by default): retention.</summary>
public sealed class DailyCleanup(ILogger<DailyCleanup> logger)
{
    [Function(nameof(DailyCleanup))]
    public async Task Run(
        [TimerTrigger("%CLEANUP_SCHEDULE%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var instance = await client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Workflows.Cleanup), new CleanupParameters("schedule"), cancellationToken);
        logger.LogInformation("Cleanup started as {Instance}{PastDue}.", instance, timer.IsPastDue ? " (past due)" : string.Empty);
    }
}
