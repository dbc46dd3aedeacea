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
        var recovery = await RecoveryClient.StartAsync(host.Process);

        await recovery.UntilAsync(1, StepStatus.Running);
        await KillAndStartAsync(host, 1);
        await recovery.UntilAsync(2, StepStatus.Running);
        await KillAndStartAsync(host, 2);
        await KillBetweenDownloadAndRestoreAsync(host, recovery);
        await recovery.UntilAsync(4, StepStatus.Running);
        await KillAndStartAsync(host, 4);
        await host.Runs.FirstAsync(JobKinds.SwapDatabase);
        await KillAndStartAsync(host, 4);

        await Until.TrueAsync(() => host.Restart.Calls.Count == 1, "the restart command is called");
        await KillAndStartAsync(host, 5, host.Restart.Release);
        await Until.TrueAsync(() => host.Application.Refusals > 0, "the application's health is asked for");
        await KillAndStartAsync(host, 6, () => host.Application.IsHealthy = true);
        await Until.TrueAsync(() => host.Reroute.Calls.Count == 1, "the reroute command is called");
        await KillAndStartAsync(host, 7, host.Reroute.Release);

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

    /// <summary>Step 3 is what is left of the download's job, often nothing: the host is caught while it looks at the job for the first time in it.</summary>
    private async Task KillBetweenDownloadAndRestoreAsync(RunbookHost host, RecoveryClient recovery)
    {
        var run = await host.Runs.FirstAsync(JobKinds.FetchBackup);
        await Until.TrueAsync(() => host.Runs.Store.ReadProgress(run) is not null, "the job has read what it is to do");
        var held = await HeldReads.OfAsync(host.Runs.Folder(run), async () => (await recovery.StateAsync()).Is(3, StepStatus.Running));
        await held.Holding.WaitAsync(TimeSpan.FromSeconds(60));
        await KillAndStartAsync(host, 3, held.Release);
    }

    private async Task KillAndStartAsync(RunbookHost host, int step, Action? beforeStart = null)
    {
        await host.Process.KillAsync();
        _kills.Add((step, TimeProvider.System.GetUtcNow().UtcDateTime));
        beforeStart?.Invoke();
        await host.Process.StartAgainAsync();
    }

    private static bool WasRunning(RecoveryStep step, DateTime time) =>
        step.StartTime <= time && time <= step.StartTime!.Value.AddSeconds(step.DurationSeconds!.Value);
}
