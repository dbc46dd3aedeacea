using System.Text.Json.Nodes;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Runs;
using BackupFunctions.JobRunners.Tests.Support;

namespace BackupFunctions.JobRunners.Tests.Runs;

public sealed class JobRunFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;

    public JobRunFailureTests()
    {
        _store = new RunStore(_folder.Path);
        _store.Create(Specs.Create("run"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Execute_KnownFailure_ResultHasItsCodeAndSentence()
    {
        await ExecuteAsync(_ => throw new PgdrException(ErrorCodes.TargetFull, "Target local is full: free some space."));

        var result = _store.ReadResult("run")!;
        result.State.ShouldBe(JobState.Failed);
        result.ErrorCode.ShouldBe(ErrorCodes.TargetFull);
        result.Error.ShouldBe("Target local is full: free some space.");
        result.Output.ShouldBeNull();
    }

    [Fact]
    public async Task Execute_UnexpectedException_ResultNamesItsTypeAndTheLogHasItsText()
    {
        var standardError = Console.Error;
        await using var log = new StringWriter();
        Console.SetError(TextWriter.Synchronized(log));
        try
        {
            await ExecuteAsync(_ => throw new InvalidOperationException("connection string: Password=hunter2"));
        }
        finally
        {
            Console.SetError(standardError);
        }

        var result = _store.ReadResult("run")!;
        result.State.ShouldBe(JobState.Failed);
        result.ErrorCode.ShouldBe(ErrorCodes.Unexpected);
        result.Error!.ShouldContain(nameof(InvalidOperationException));
        (await File.ReadAllTextAsync(_folder["run/result.json"])).ShouldNotContain("hunter2");
        log.ToString().ShouldContain("hunter2");
    }

    [Fact]
    public async Task Execute_WorkFailsInAPhase_ThePhaseIsMeasuredButNotFinished()
    {
        var time = new ManualTimeProvider();

        await new JobRun(_store, time).ExecuteAsync(
            "run",
            (_, reporter, _) =>
            {
                reporter.Phase(JobPhases.Download);
                time.Advance(TimeSpan.FromSeconds(7));
                throw new PgdrException(ErrorCodes.TargetUnreachable, "No target answers: wait.");
            },
            CancellationToken.None);

        var status = _store.GetStatus("run");
        status.Progress!.FinishedPhases.ShouldBeEmpty();
        status.Result!.PhaseSeconds[JobPhases.Download].ShouldBe(7);
    }

    [Fact]
    public async Task Execute_CanceledByItselfWithoutBeingAsked_IsAFailure()
    {
        await ExecuteAsync(_ => throw new TaskCanceledException("an HTTP timeout"));

        _store.ReadResult("run")!.State.ShouldBe(JobState.Failed);
    }

    [Fact]
    public async Task Execute_CancelMarker_StopsTheWorkAndTheResultSaysSo()
    {
        var result = await ExecuteAsync(async token =>
        {
            _store.RequestCancel("run");
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return null;
        });

        result!.State.ShouldBe(JobState.Canceled);
        _store.ReadResult("run")!.ErrorCode.ShouldBe(ErrorCodes.Canceled);
    }

    [Fact]
    public async Task Execute_CancelledBeforeItStarts_WorkSeesItAtOnce()
    {
        _store.RequestCancel("run");

        await ExecuteAsync(token =>
        {
            token.ThrowIfCancellationRequested();
            return Task.FromResult<JsonNode?>(null);
        });

        _store.ReadResult("run")!.State.ShouldBe(JobState.Canceled);
    }

    private Task<JobResult?> ExecuteAsync(Func<CancellationToken, Task<JsonNode?>> work) =>
        new JobRun(_store, TimeProvider.System).ExecuteAsync("run", (_, _, token) => work(token), CancellationToken.None);
}
