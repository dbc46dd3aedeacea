using BackupFunctions.JobRunners;
using BackupFunctions.Merges;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Schedules;

/// <summary>
/// Every five minutes by default (REAP_JOBS_SCHEDULE): stops jobs whose workflow has ended. No code of a workflow runs after terminate, so
/// nobody else would. A workflow that is not known may be one of a state that was lost: its job is left to end by itself. What merges that
/// have ended left is removed.
/// </summary>
public sealed class ReapJobs(IJobRunner runner, MergeSweep merges, ILogger<ReapJobs> logger)
{
    [Function(nameof(ReapJobs))]
    public async Task Run(
        [TimerTrigger("%REAP_JOBS_SCHEDULE%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var running = await runner.ListRunningAsync(cancellationToken);
        foreach (var job in running)
        {
            if (job.InstanceId is { } instanceId
                && await client.GetInstanceAsync(instanceId, cancellationToken) is { IsCompleted: true } ended)
            {
                await runner.CancelAsync(job.RunId, cancellationToken);
                logger.LogWarning(
                    "Job {Run} ({Kind}) was asked to stop: its workflow {Instance} ended as {Status}{PastDue}.",
                    job.RunId, job.Kind, instanceId, ended.RuntimeStatus, timer.IsPastDue ? " (past due)" : string.Empty);
            }
        }

        await merges.RunAsync(client, running, cancellationToken);
    }
}
