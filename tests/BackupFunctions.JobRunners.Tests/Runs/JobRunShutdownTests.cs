using System.Text.Json.Nodes;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Runs;
using BackupFunctions.JobRunners.Tests.Support;

namespace BackupFunctions.JobRunners.Tests.Runs;

/// <summary>The token of the process is not the cancel marker: it means "later", not "no".</summary>
public sealed class JobRunShutdownTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _shutdown = new();
    private readonly RunStore _store;

    public JobRunShutdownTests()
    {
        _store = new RunStore(_folder.Path);
        _store.Create(Specs.Create("run"));
    }

    public void Dispose()
    {
        _shutdown.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Execute_ShutDown_LeavesNoResultAndCanBeStartedAgain()
    {
        var stopped = await ExecuteAsync(async token =>
        {
            await _shutdown.CancelAsync();
            token.ThrowIfCancellationRequested();
            return null;
        });

        stopped!.State.ShouldBe(JobState.Canceled);
        _store.GetStatus("run").State.ShouldBe(JobState.Lost);

        await new JobRun(_store, TimeProvider.System).ExecuteAsync("run", (_, _, _) => Task.FromResult<JsonNode?>(null), CancellationToken.None);
        _store.GetStatus("run").State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task Execute_ToolsBrokenByTheShutdown_LeaveNoResult()
    {
        await ExecuteAsync(async _ =>
        {
            await _shutdown.CancelAsync();
            throw new PgdrException(ErrorCodes.ToolFailed, "pg_dump was ended by signal 15: see the log.");
        });

        _store.GetStatus("run").State.ShouldBe(JobState.Lost);
    }

    [Fact]
    public async Task Execute_ShutDownButFinished_KeepsTheResult()
    {
        await ExecuteAsync(async _ =>
        {
            await _shutdown.CancelAsync();
            return "done";
        });

        _store.GetStatus("run").State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task Execute_ShutDownOfACancelledRun_StaysCancelled()
    {
        await ExecuteAsync(async token =>
        {
            _store.RequestCancel("run");
            await _shutdown.CancelAsync();
            token.ThrowIfCancellationRequested();
            return null;
        });

        _store.GetStatus("run").State.ShouldBe(JobState.Canceled);
    }

    private Task<JobResult?> ExecuteAsync(Func<CancellationToken, Task<JsonNode?>> work) =>
        new JobRun(_store, TimeProvider.System).ExecuteAsync("run", (_, _, token) => work(token), _shutdown.Token);
}
