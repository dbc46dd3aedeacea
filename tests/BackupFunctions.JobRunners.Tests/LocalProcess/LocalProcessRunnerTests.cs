using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.LocalProcess;
using BackupFunctions.JobRunners.Runs;
using BackupFunctions.JobRunners.Tests.Support;

namespace BackupFunctions.JobRunners.Tests.LocalProcess;

public sealed class LocalProcessRunnerTests : IDisposable
{
    private readonly FakePgdr _pgdr = new();
    private readonly LocalProcessRunner _runner;

    public LocalProcessRunnerTests()
    {
        _runner = _pgdr.NewHost();
        PrivateFiles.CreateFolder(Path.GetDirectoryName(_pgdr.Store.FolderOf("run"))!);
    }

    public void Dispose() => _pgdr.Dispose();

    [Fact]
    public async Task Start_NewRun_RunsAndItsResultIsKept()
    {
        await StartAsync("run");
        (await StatusAsync("run")).State.ShouldBe(JobState.Running);

        _pgdr.Finish("run");
        await EndsAsAsync("run", JobState.Succeeded);

        (await _pgdr.NewHost().GetStatusAsync("run", CancellationToken.None)).Result!.RunId.ShouldBe("run");
    }

    [Fact]
    public async Task Start_Twice_IsOneRun()
    {
        await StartAsync("run");

        await _runner.StartAsync(Specs.Create("run"), CancellationToken.None);
        await _pgdr.NewHost().StartAsync(Specs.Create("run"), CancellationToken.None);

        _pgdr.Finish("run");
        await EndsAsAsync("run", JobState.Succeeded);
        _pgdr.Starts("run").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Start_ManyAtTheSameMoment_IsOneRun()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Task.Run(() => _pgdr.NewHost().StartAsync(Specs.Create("run"), CancellationToken.None))));
        await Eventually.IsTrueAsync(() => _pgdr.Starts("run").Count > 0, "the job started");

        _pgdr.Finish("run");
        await EndsAsAsync("run", JobState.Succeeded);
        _pgdr.Starts("run").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Start_ResultThere_DoesNotRunAgain()
    {
        await StartAsync("run");
        _pgdr.Finish("run");
        await EndsAsAsync("run", JobState.Succeeded);
        await Eventually.IsTrueAsync(() => !_pgdr.Store.IsAlive("run"), "the process ended");

        await _runner.StartAsync(Specs.Create("run"), CancellationToken.None);

        _pgdr.Store.IsAlive("run").ShouldBeFalse();
        _pgdr.Starts("run").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Start_KilledAndLost_RunsAgain()
    {
        var first = await StartAsync("run");

        await CommandLine.RunAsync("kill", "-9", $"{first}");
        await Eventually.IsTrueAsync(() => _pgdr.Store.GetStatus("run").State == JobState.Lost, "the run is lost");
        await Eventually.IsTrueAsync(() => !Path.Exists($"/proc/{first}"), "no zombie is left");

        await _runner.StartAsync(Specs.Create("run"), CancellationToken.None);
        await Eventually.IsTrueAsync(() => _pgdr.Starts("run").Count == 2, "the job started again");
        _pgdr.Finish("run");
        await EndsAsAsync("run", JobState.Succeeded);
    }

    [Fact]
    public async Task Start_JobOutlivesItsHost_HasASessionOfItsOwnAndNoPipes()
    {
        var job = await StartAsync("run");

        ProcStat.Session(job).ShouldBe(job);
        ProcStat.Session(Environment.ProcessId).ShouldNotBe(job);
        Link(job, 0).ShouldBe("/dev/null");
        Link(job, 1).ShouldBe(_pgdr.Store.LogOf("run"));
        Link(job, 2).ShouldBe(_pgdr.Store.LogOf("run"));
    }

    [Fact]
    public async Task Start_Run_LeavesPrivateFilesOnly()
    {
        await StartAsync("run");
        _pgdr.Finish("run");
        await EndsAsAsync("run", JobState.Succeeded);

        FileModes.Of(_pgdr.Store.FolderOf("run")).ShouldBe(FileModes.OwnerFolder);
        foreach (var file in new[] { "spec.json", "process.json", "lock", "log", "starts", "result.json" })
        {
            FileModes.Of(_pgdr.PathOf("run", file)).ShouldBe(FileModes.OwnerFile, file);
        }

        var log = await File.ReadAllTextAsync(_pgdr.Store.LogOf("run"));
        log.ShouldContain("out of run");
        log.ShouldContain("err of run");
    }

    [Fact]
    public async Task Cancel_RunningJob_EndsByItself()
    {
        await StartAsync("run");

        await _runner.CancelAsync("run", CancellationToken.None);

        await EndsAsAsync("run", JobState.Canceled);
    }

    [Fact]
    public async Task GetStatus_NeverStarted_IsUnknown() => (await StatusAsync("other")).State.ShouldBe(JobState.Unknown);

    [Fact]
    public async Task Start_InvalidRunId_StartsNothing() =>
        await Should.ThrowAsync<PgdrException>(() => _runner.StartAsync(Specs.Create("../run"), CancellationToken.None));

    [Fact]
    public async Task Start_ArgumentsWithShellCharacters_ArriveAsTheyAre()
    {
        using var folder = new TemporaryFolder();
        const string Hostile = "$(touch injected) `id` \"; exit 1; ' * \\";
        var options = new LocalProcessOptions(
            ["sh", "-c", "printf %s \"$1\" >\"$SEEN.new\"; mv \"$SEEN.new\" \"$SEEN\"", "pgdr", Hostile],
            folder.Path,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["SEEN"] = folder["seen"] });

        await new LocalProcessRunner(new RunStore(folder["a 'b' $c"]), options).StartAsync(Specs.Create("run"), CancellationToken.None);

        await Eventually.IsTrueAsync(() => File.Exists(folder["seen"]), "the command ran");
        (await File.ReadAllTextAsync(folder["seen"])).ShouldBe(Hostile);
        File.Exists(folder["injected"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Start_ProgramMissing_RunIsLostAndTheLogSaysWhy()
    {
        var runner = new LocalProcessRunner(_pgdr.Store, _pgdr.Options with { Command = ["/nowhere/pgdr"] });

        await runner.StartAsync(Specs.Create("run"), CancellationToken.None);
        await Eventually.IsTrueAsync(() => _pgdr.Store.GetStatus("run").State == JobState.Lost, "the run is lost");

        (await File.ReadAllTextAsync(_pgdr.Store.LogOf("run"))).ShouldContain("/nowhere/pgdr");
    }

    [Fact]
    public async Task Start_WorkingFolderMissing_SaysSo()
    {
        var runner = new LocalProcessRunner(_pgdr.Store, _pgdr.Options with { WorkingFolder = "/nowhere" });

        var failure = await Should.ThrowAsync<PgdrException>(() => runner.StartAsync(Specs.Create("run"), CancellationToken.None));

        failure.Code.ShouldBe(ErrorCodes.ToolMissing);
        failure.Message.ShouldContain("/nowhere");
    }

    private static string? Link(int process, int descriptor) => new FileInfo($"/proc/{process}/fd/{descriptor}").LinkTarget;

    /// <returns>The process id of the job, which now holds its lock.</returns>
    private async Task<int> StartAsync(string runId)
    {
        await _runner.StartAsync(Specs.Create(runId), CancellationToken.None);
        await Eventually.IsTrueAsync(() => _pgdr.Starts(runId).Count > 0, "the job started");
        return _pgdr.Starts(runId)[0];
    }

    private Task<JobStatus> StatusAsync(string runId) => _runner.GetStatusAsync(runId, CancellationToken.None);

    private Task EndsAsAsync(string runId, JobState state) =>
        Eventually.IsTrueAsync(() => _pgdr.Store.GetStatus(runId).State == state, $"the run ends as {state}");
}
