using System.Diagnostics;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EndToEnd.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.EndToEnd.Tests.Runbook;

/// <summary>Trouble while a backup comes from an S3 store over a line that the test controls.</summary>
[Collection(S3Collection.Name)]
public sealed class DownloadTests(S3SampleServer server)
{
    [Fact]
    public async Task Recovery_JobKilledInDownload_FetchesOnlyWhatWasNotComplete()
    {
        await server.LoseAsync();
        await using var line = new TcpProxy(server.Gateway.Port) { DownloadPause = TimeSpan.FromMilliseconds(100) };
        await using var host = await StartAsync(line);
        var recovery = await RecoveryClient.StartAsync(host.Process);
        var run = await host.Runs.FirstAsync(JobKinds.FetchBackup);
        await Until.TrueAsync(() => CompleteObjects(host) > 1, "an object is complete besides the contents");
        host.Runs.Store.ReadProgress(run)!.Phase.ShouldBe(JobPhases.Download);
        Process.GetProcessById((await host.Runs.ProcessAsync(run)).Id).Kill(entireProcessTree: false);
        host.Runs.Store.ReadResult(run).ShouldBeNull();
        line.DownloadPause = TimeSpan.Zero;

        var report = await recovery.ReportAsync();

        report.Success.ShouldBeTrue();
        (await server.ContentsAsync(server.Server)).ShouldBe(server.Contents);
        (await server.RemainsAsync()).ShouldBeEmpty();
        host.Runs.Count().Values.ShouldAllBe(runs => runs == 1);
        var fetched = host.Runs.Output<FetchBackupResult>(run);
        var stored = host.Runs.Output<SelectBackupResult>(host.Runs.Of(JobKinds.SelectBackup)[0]).StoredSize;
        fetched.Reused.ShouldBeGreaterThan(0);
        fetched.Downloaded.ShouldBeGreaterThan(0);
        fetched.Downloaded.ShouldBeLessThanOrEqualTo(stored - fetched.Reused);
    }

    [Fact]
    public async Task Recovery_TargetKilledMidDownload_FinishesFromTheNextAndSaysSo()
    {
        await server.LoseAsync();
        await using var line = new TcpProxy(server.Gateway.Port) { DownloadPause = TimeSpan.FromMilliseconds(100) };
        await using var host = await StartAsync(line);
        var recovery = await RecoveryClient.StartAsync(host.Process);
        var run = await host.Runs.FirstAsync(JobKinds.FetchBackup);
        await Until.TrueAsync(() => host.Runs.Store.ReadProgress(run)?.BytesDone > 0, "bytes have come from the store");
        line.CutAfter(100_000);

        var end = await recovery.UntilAsync(state => state.HasEnded, "the end", 180);

        line.HasCut.IsCompleted.ShouldBeTrue();
        var report = end.Report.ShouldNotBeNull();
        report.Success.ShouldBeTrue();
        (await server.ContentsAsync(server.Server)).ShouldBe(server.Contents);
        var fetched = host.Runs.Output<FetchBackupResult>(run);
        fetched.Targets["first"].ShouldBeGreaterThan(0);
        fetched.Targets["second"].ShouldBeGreaterThan(0);
        end.Status!.Failovers.ShouldContain(sentence => sentence.StartsWith("Switched from first to second at byte", StringComparison.Ordinal));
        report.Warnings.ShouldContain(sentence => sentence.StartsWith("Switched from first to second at byte", StringComparison.Ordinal));
    }

    private Task<RunbookHost> StartAsync(TcpProxy line) =>
        RunbookHost.StartAsync(server, settings => settings["Targets__first__Endpoint"] = line.Endpoint);

    private static int CompleteObjects(RunbookHost host)
    {
        var restores = Path.Combine(host.Process.Folder, "work", "restores");
        return Directory.Exists(restores)
            ? Directory.EnumerateDirectories(restores).SelectMany(restore => Directory.EnumerateDirectories(restore, "complete-*"))
                .SelectMany(Directory.EnumerateFiles).Count(file => !file.EndsWith(".tmp", StringComparison.Ordinal))
            : 0;
    }
}
