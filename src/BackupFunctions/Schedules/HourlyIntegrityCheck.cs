using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Workflows;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Schedules;

/// <summary>
/// Every hour at INTEGRITY_CHECK_SCHEDULE (a quarter past by default): copies of a sample of backups are read, bad ones repaired. One that
/// takes longer than an hour goes on alone, so that checks never pile up on each other.
/// </summary>
public sealed class HourlyIntegrityCheck(ILogger<HourlyIntegrityCheck> logger)
{
    /// <summary>Of the scheduled check; the next one takes its place.</summary>
    internal const string InstanceId = "integrity-check";

    [Function(nameof(HourlyIntegrityCheck))]
    public async Task Run(
        [TimerTrigger("%INTEGRITY_CHECK_SCHEDULE%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(InstanceId, cancellationToken) is { IsCompleted: false })
        {
            logger.LogWarning("The integrity check before is still at work, so none is started now.");
            return;
        }

        await client.ScheduleNewOrchestrationInstanceAsync(
            nameof(IntegrityCheck), new VerifyCopiesParameters("schedule", Repair: true), new StartOrchestrationOptions(InstanceId), cancellationToken);
        logger.LogInformation("Integrity check started as {Instance}{PastDue}.", InstanceId, timer.IsPastDue ? " (past due)" : string.Empty);
    }
}
