using System.Text.Json.Nodes;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Runs;
using BackupFunctions.JobRunners.Tests.Support;

namespace BackupFunctions.JobRunners.Tests.Runs;

public sealed class JobRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;

    public JobRunTests()
    {
        _store = new RunStore(_folder.Path);
        _store.Create(Specs.Create("run"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Execute_WorkSucceeds_LeavesOutputWarningsAndTimes()
    {
        var time = new ManualTimeProvider();
        var started = time.GetUtcNow();

        var result = await new JobRun(_store, time).ExecuteAsync(
            "run",
            (spec, reporter, _) =>
            {
                reporter.Phase("dump");
                reporter.Warn("b2 is away");
                time.Advance(TimeSpan.FromSeconds(5));
                return Task.FromResult<JsonNode?>(new JsonObject { ["of"] = spec.Parameters["database"]!.GetValue<string>() });
            },
            CancellationToken.None);

        var stored = _store.GetStatus("run");
        stored.State.ShouldBe(JobState.Succeeded);
        stored.Progress!.FinishedPhases.ShouldBe(["dump"]);
        foreach (var each in new[] { result!, stored.Result! })
        {
            each.Output!["of"]!.GetValue<string>().ShouldBe("shop");
            each.Warnings.ShouldBe(["b2 is away"]);
            each.StartedAt.ShouldBe(started);
            each.FinishedAt.ShouldBe(started.AddSeconds(5));
            each.PhaseSeconds.Select(phase => (phase.Key, phase.Value)).ShouldBe([("dump", 5d)]);
            each.Error.ShouldBeNull();
            each.ErrorCode.ShouldBeNull();
        }
    }

    [Fact]
    public async Task Execute_WhileItWorks_IsRunningAndItsLockIsHeld()
    {
        await ExecuteAsync((_, _, _) =>
        {
            _store.GetStatus("run").State.ShouldBe(JobState.Running);
            RunLock.IsHeld(_store.FolderOf("run")).ShouldBeTrue();
            return Nothing;
        });

        _store.GetStatus("run").State.ShouldBe(JobState.Succeeded);
        RunLock.IsHeld(_store.FolderOf("run")).ShouldBeFalse();
    }

    [Fact]
    public async Task Execute_ResultThereAlready_GivesItWithoutWorking()
    {
        var earlier = await ExecuteAsync((_, _, _) => Task.FromResult<JsonNode?>("first"));

        var again = await ExecuteAsync((_, _, _) => throw new InvalidOperationException("worked twice"));

        again!.State.ShouldBe(JobState.Succeeded);
        again.FinishedAt.ShouldBe(earlier!.FinishedAt);
        again.Output!.GetValue<string>().ShouldBe("first");
    }

    [Fact]
    public async Task Execute_AnotherProcessRunsIt_IsNull()
    {
        using var other = RunLock.TryAcquire(_store.FolderOf("run"));

        var result = await ExecuteAsync((_, _, _) => throw new InvalidOperationException("worked twice"));

        result.ShouldBeNull();
        _store.ReadResult("run").ShouldBeNull();
    }

    [Fact]
    public async Task Execute_LockTakenForAMomentByAQuestion_Waits()
    {
        var time = new WaitingTimeProvider();
        var question = RunLock.TryAcquire(_store.FolderOf("run"))!;
        var running = new JobRun(_store, time).ExecuteAsync("run", (_, _, _) => Nothing, CancellationToken.None);
        await time.Waiting;

        question.Dispose();

        (await running)!.State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task Execute_UnknownRun_SaysHowToStartOne()
    {
        var failure = await Should.ThrowAsync<PgdrException>(
            () => new JobRun(_store, TimeProvider.System).ExecuteAsync("other", (_, _, _) => Nothing, CancellationToken.None));

        failure.Message.ShouldContain("spec.json");
    }

    private static Task<JsonNode?> Nothing => Task.FromResult<JsonNode?>(null);

    private Task<JobResult?> ExecuteAsync(Func<JobSpec, RunReporter, CancellationToken, Task<JsonNode?>> work) =>
        new JobRun(_store, TimeProvider.System).ExecuteAsync("run", work, CancellationToken.None);
}
