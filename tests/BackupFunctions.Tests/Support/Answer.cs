using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Tests.Support;

/// <summary>What a runner can say about a job.</summary>
internal static class Answer
{
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 2, 0, 0, TimeSpan.Zero);

    public static Func<JobSpec, JobStatus> Lost { get; } = _ => new JobStatus(JobState.Lost, Progress: null, Result: null);

    public static Func<JobSpec, JobStatus> Succeeds<T>(T output, params string[] warnings) => spec => Ended(spec, JobState.Succeeded) with
    {
        Result = Result(spec, JobState.Succeeded) with { Output = JsonSerializer.SerializeToNode(output, ContractJson.Options), Warnings = warnings },
    };

    public static Func<JobSpec, JobStatus> SucceedsWithoutOutput() => spec => Ended(spec, JobState.Succeeded);

    public static Func<JobSpec, JobStatus> Fails(string? sentence, string code = ErrorCodes.ToolFailed) => spec => Ended(spec, JobState.Failed) with
    {
        Result = Result(spec, JobState.Failed) with { Error = sentence, ErrorCode = code },
    };

    public static Func<JobSpec, JobStatus> Runs(string phase, long done, long total, params string[] finished) => _ => new JobStatus(
        JobState.Running, new JobProgress(phase, done, total, Detail: null, [], finished, Time, "r2"), Result: null);

    /// <summary>It goes on, and there is a gap in the log.</summary>
    public static Func<JobSpec, JobStatus> NeedsBase(string gapId) => _ => new JobStatus(
        JobState.Running, new JobProgress("receive", 1, BytesTotal: null, Detail: null, [], [], Time, BasesNeeded: [gapId]), Result: null);

    private static JobStatus Ended(JobSpec spec, JobState state) => new(state, Progress: null, Result(spec, state));

    private static JobResult Result(JobSpec spec, JobState state) => new() { RunId = spec.RunId, State = state, StartedAt = Time, FinishedAt = Time };
}
