using System.Diagnostics;
using System.Text.Json.Nodes;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.JobRunners.Runs;

/// <summary>The executing side of a run: holds its lock, tells progress, leaves the result.</summary>
public sealed class JobRun
{
    private static readonly TimeSpan WaitForProbe = TimeSpan.FromMilliseconds(20);

    private readonly RunStore _store;
    private readonly TimeProvider _time;

    public JobRun(RunStore store, TimeProvider time)
    {
        _store = store;
        _time = time;
    }

    /// <summary>Runs the work once. Null when another process runs it; the earlier result when there is one.</summary>
    public async Task<JobResult?> ExecuteAsync(
        string runId, Func<JobSpec, RunReporter, CancellationToken, Task<JsonNode?>> work, CancellationToken cancellationToken)
    {
        var spec = _store.ReadSpec(runId)
            ?? throw new PgdrException(ErrorCodes.InvalidSettings, $"Run '{runId}' has no spec.json in the run store: start it through its runner.");
        using var runLock = await AcquireAsync(_store.FolderOf(runId), cancellationToken);
        if (runLock is null)
        {
            return null;
        }

        if (_store.ReadResult(runId) is { } earlier)
        {
            return earlier;
        }

        var startedAt = _time.GetUtcNow();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var reporter = new RunReporter(_store, runId, _time, cancellation);

        // At once: progress of an earlier start must not be taken for this one's, nor a cancelled run get half a second.
        reporter.Tick();
        var result = await RunAsync(spec, work, reporter, startedAt, cancellation.Token);
        if (cancellationToken.IsCancellationRequested && result.State != JobState.Succeeded && !_store.IsCancelRequested(runId))
        {
            // The process is being shut down (and the tools it runs with it), nobody cancelled the run: no result, so that it is started again.
            return result;
        }

        _store.WriteResult(result);
        return result;
    }

    private async Task<JobResult> RunAsync(
        JobSpec spec,
        Func<JobSpec, RunReporter, CancellationToken, Task<JsonNode?>> work,
        RunReporter reporter,
        DateTimeOffset startedAt,
        CancellationToken cancellationToken)
    {
        async Task<JobResult> EndAsync(JobState state, string? code = null, string? error = null, JsonNode? output = null)
        {
            await reporter.EndAsync(succeeded: state == JobState.Succeeded);
            return new JobResult
            {
                RunId = spec.RunId,
                State = state,
                ErrorCode = code,
                Error = error,
                Warnings = reporter.Warnings,
                StartedAt = startedAt,
                FinishedAt = _time.GetUtcNow(),
                Output = output,
                PhaseSeconds = reporter.PhaseSeconds(),
            };
        }

        try
        {
            return await EndAsync(JobState.Succeeded, output: await work(spec, reporter, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await EndAsync(JobState.Canceled, ErrorCodes.Canceled, "The job was stopped on request.");
        }
        catch (PgdrException e)
        {
            return await EndAsync(JobState.Failed, e.Code, e.Message);
        }
        catch (Exception e)
        {
            // The log has the whole of it; the result carries no text that nobody has looked over for secrets.
            Trace.TraceError(e.ToString());
            await Console.Error.WriteLineAsync(e.ToString());
            return await EndAsync(JobState.Failed, ErrorCodes.Unexpected, $"The job ended with an unexpected {e.GetType().Name}; its log has the details.");
        }
    }

    private async Task<RunLock?> AcquireAsync(string folder, CancellationToken cancellationToken)
    {
        // A status question may hold the lock for a moment.
        for (var attempt = 0; attempt < 10; attempt++)
        {
            if (RunLock.TryAcquire(folder) is { } acquired)
            {
                return acquired;
            }

            await Task.Delay(WaitForProbe, _time, cancellationToken);
        }

        return null;
    }
}
