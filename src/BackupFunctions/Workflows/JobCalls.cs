using System.Text.Json;
using BackupFunctions.Activities;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>Jobs as workflows see them: started once, watched by durable timers and the job's own completion event, started again when lost.</summary>
internal static class JobCalls
{
    private const int MaxStarts = 5;

    /// <summary>Seconds between looks: short at first for short jobs, longer later so that hours do not fill the history.</summary>
    private static readonly int[] LookAfterSeconds = [1, 1, 2, 2, 3, 3, 5, 5, 10];

    public static string CompletedEvent(string runId) => $"job-completed:{runId}";

    /// <summary>Starts the job; safe to repeat.</summary>
    public static async Task<JobSpec> StartJobAsync<TParameters>(this TaskOrchestrationContext context, string runId, string kind, TParameters parameters)
    {
        var spec = new JobSpec
        {
            RunId = runId,
            Kind = kind,
            InstanceId = context.InstanceId,
            Parameters = JsonSerializer.SerializeToNode(parameters, ContractJson.Options)!,
        };
        await context.CallActivityAsync(nameof(StartJob), spec, Retries.OfJobCalls);
        return spec;
    }

    /// <summary>Waits for the end of the job, or for the end of one of its phases, or until the caller has something to do, whichever is asked for.</summary>
    /// <returns>The result; null when the job goes on.</returns>
    public static async Task<JobResult?> WaitForJobAsync(
        this TaskOrchestrationContext context, JobSpec spec, Action<JobProgress> onProgress, string? untilPhaseEnds = null, Func<bool>? until = null)
    {
        var starts = 1;
        using var done = new CancellationTokenSource();
        var completed = context.WaitForExternalEvent<string>(CompletedEvent(spec.RunId), done.Token);
        for (var look = 0; ; look++)
        {
            var status = await context.CallActivityAsync<JobStatus>(nameof(ReadJob), spec.RunId, Retries.OfJobCalls);
            if (status.Progress is { } progress)
            {
                onProgress(progress);
            }

            if (status.Result is { } result)
            {
                done.Cancel();
                return result;
            }

            if ((untilPhaseEnds is not null && (status.Progress?.FinishedPhases.Contains(untilPhaseEnds, StringComparer.Ordinal) ?? false)) || (until?.Invoke() ?? false))
            {
                done.Cancel();
                return null;
            }

            if (status.State is JobState.Lost or JobState.Unknown)
            {
                if (starts++ >= MaxStarts)
                {
                    throw new StepFailedException($"The job {spec.RunId} ended {MaxStarts} times without a result; see its log in the run store.");
                }

                await context.CallActivityAsync(nameof(StartJob), spec, Retries.OfJobCalls);
            }

            using var enough = new CancellationTokenSource();
            var seconds = LookAfterSeconds[Math.Min(look, LookAfterSeconds.Length - 1)];
            var timer = context.CreateTimer(TimeSpan.FromSeconds(seconds), enough.Token);
            if (await Task.WhenAny(completed, timer) != timer)
            {
                enough.Cancel();

                // The event is used up: wait for a fresh one, should the job be lost and started again.
                completed = context.WaitForExternalEvent<string>(CompletedEvent(spec.RunId), done.Token);
            }
        }
    }

    /// <summary>The job's own result, or the step's failure with the job's sentence.</summary>
    public static TOutput Output<TOutput>(this JobResult result) => result.State == JobState.Succeeded
        ? result.Output.Deserialize<TOutput>(ContractJson.Options)
            ?? throw new StepFailedException($"The job {result.RunId} succeeded but left no output.")
        : throw new StepFailedException(result.Error ?? $"The job {result.RunId} ended as {result.State}.");

    /// <summary>Has the copies made that a backup lacks, by an instance that nobody waits for. That it cannot be started changes nothing of the backup.</summary>
    public static Task StartFinishingAsync(this TaskOrchestrationContext context, string backupId) =>
        TryAsync(context.CallActivityAsync(nameof(StartFinishingCopies), backupId, Retries.OfJobCalls)); // Else the hourly check finds what it lacks.

    /// <summary>The same for all backups of a run of tenants.</summary>
    public static Task StartFinishingAsync(this TaskOrchestrationContext context, TenantRunId run) =>
        TryAsync(context.CallActivityAsync(nameof(StartFinishingTenants), run, Retries.OfJobCalls));

    /// <summary>Has a base backup taken behind a gap in the log, by an instance that nobody waits for. Receiving goes on, whatever becomes of that.</summary>
    public static Task StartBaseAfterGapAsync(this TaskOrchestrationContext context, string server, string gapId) =>
        TryAsync(context.CallActivityAsync(nameof(StartBaseAfterGap), new GapBase(server, gapId), Retries.OfJobCalls)); // Else the weekly one comes.

    private static async Task TryAsync(Task start)
    {
        try
        {
            await start;
        }
        catch (TaskFailedException)
        {
            // Whoever asked for it goes on without.
        }
    }
}
