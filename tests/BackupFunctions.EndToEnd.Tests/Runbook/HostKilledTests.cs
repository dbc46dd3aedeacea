using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Runbook;

[Collection(RunbookCollection.Name)]
public sealed class HostKilledTests(SampleServer server)
{
    /// <summary>Step and time of each kill.</summary>
    private readonly List<(int Step, DateTime At)> _kills = [];

    [Fact]
    public async Task Recovery_HostKilledAtEachStep_CompletesWithIdenticalDataAndRepeatsNoFinishedStep()
    {
        await server.LoseAsync();
        await using var host = await RunbookHost.StartAsync(server);
        host.Restart.Hold();
        host.Reroute.Hold();
        host.Application.IsHealthy = false;
        var select = HeldJob.WatchAsync(host.Runs, JobKinds.SelectBackup);
        var recovery = await RecoveryClient.StartAsync(host.Process);
        await KillInJobAsync(host, recovery, 1, await select);

        var fetch = HeldJob.WatchAsync(host.Runs, JobKinds.FetchBackup);
        await host.Process.StartAgainAsync();
        await KillInJobAsync(host, recovery, 2, await fetch);

        var restore = HeldJob.WatchAsync(host.Runs, JobKinds.RestoreDatabase);
        await KillBetweenDownloadAndRestoreAsync(host, recovery, (await fetch).RunId);
        await host.Process.StartAgainAsync();
        await KillInJobAsync(host, recovery, 4, await restore);

        var swap = HeldJob.WatchAsync(host.Runs, JobKinds.SwapDatabase);
        await host.Process.StartAgainAsync();
        await KillInJobAsync(host, recovery, 4, await swap);
        await host.Process.StartAgainAsync();

        await Until.TrueAsync(() => host.Restart.Calls.Count == 1, "the restart command is called");
        await KillAsync(host, 5);
        host.Restart.Release();
        await host.Process.StartAgainAsync();
        await Until.TrueAsync(() => host.Application.Refusals > 0, "the application's health is asked for");
        await KillAsync(host, 6);
        host.Application.IsHealthy = true;
        await host.Process.StartAgainAsync();
        await Until.TrueAsync(() => host.Reroute.Calls.Count == 1, "the reroute command is called");
        await KillAsync(host, 7);
        host.Reroute.Release();
        await host.Process.StartAgainAsync();

        var report = await recovery.ReportAsync();
        report.Success.ShouldBeTrue();
        (await server.ContentsAsync(server.Server)).ShouldBe(server.Contents);
        (await server.RemainsAsync()).ShouldBeEmpty();
        report.Steps.ShouldAllBe(step => step.Status == StepStatus.Completed);
        _kills.ShouldAllBe(kill => WasRunning(report.Steps[kill.Step - 1], kill.At), "each kill hit the step it was meant for");
        host.Runs.Count().Values.ShouldAllBe(runs => runs == 1);
        Directory.GetFiles(Path.Combine(host.Process.RunStore, "reports")).ShouldHaveSingleItem();

        // The step that was interrupted is repeated under the same id; none that had finished is.
        host.Restart.Calls.ShouldBe(Enumerable.Repeat($"{report.RestoreLogId} {SampleServer.Database} main", 2));
        host.Reroute.Calls.ShouldBe(Enumerable.Repeat($"{report.RestoreLogId} {SampleServer.Database} main", 2));
        host.Application.HealthyAnswers.ShouldBe(1);
        host.Application.PublicHealthyAnswers.ShouldBe(1);
    }

    /// <summary>The host dies while the step's job is stopped; the job goes on without it.</summary>
    private async Task KillInJobAsync(RunbookHost host, RecoveryClient recovery, int step, HeldJob job)
    {
        await recovery.UntilAsync(step, StepStatus.Running);
        await KillAsync(host, step);
        job.Release();
    }

    /// <summary>
    /// Step 3 is what is left of the download's job when a look at it shows that the download is over, often nothing: the host, started
    /// again, is caught at its first look in that step.
    /// </summary>
    private async Task KillBetweenDownloadAndRestoreAsync(RunbookHost host, RecoveryClient recovery, string run)
    {
        await Until.TrueAsync(() => host.Runs.Store.ReadProgress(run) is not null, "the job has read what it is to do");
        var listens = new TaskCompletionSource();
        var held = await HeldReads.OfAsync(host.Runs.Folder(run), async () =>
        {
            await listens.Task;
            return (await recovery.StateAsync()).Is(3, StepStatus.Running);
        });
        await host.Process.StartAgainAsync();
        listens.SetResult();
        await held.Holding.WaitAsync(TimeSpan.FromSeconds(60));
        await KillAsync(host, 3);
        held.Release();
    }

    private async Task KillAsync(RunbookHost host, int step)
    {
        await host.Process.KillAsync();
        _kills.Add((step, TimeProvider.System.GetUtcNow().UtcDateTime));
    }

    private static bool WasRunning(RecoveryStep step, DateTime time) =>
        step.StartTime <= time && time <= step.StartTime!.Value.AddSeconds(step.DurationSeconds!.Value);
}
