using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Workflows;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Schedules;

/// <summary>Every day at TARGET_CHECK_SCHEDULE (01:30 UTC by default), half an hour before the backups: a check of all storage targets.</summary>
public sealed class TargetHealthCheck(ILogger<TargetHealthCheck> logger)
{
    [Function(nameof(TargetHealthCheck))]
    public async Task Run(
        [TimerTrigger("%TARGET_CHECK_SCHEDULE%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var instance = await client.ScheduleNewOrchestrationInstanceAsync(
            nameof(TargetHealth), new TargetCheckParameters(Targets: null, "schedule"), cancellationToken);
        logger.LogInformation("Check of the storage targets started as {Instance}{PastDue}.", instance, timer.IsPastDue ? " (past due)" : string.Empty);
    }
}
