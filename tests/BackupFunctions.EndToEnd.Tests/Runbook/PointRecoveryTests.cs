using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Runbook;

/// <summary>One database comes back to a point of its server's log; the job is killed on the way.</summary>
[Collection(ArchiveCollection.Name)]
public sealed class PointRecoveryTests(ArchivedSampleServer server)
{
    [Fact]
    public async Task Recovery_ToATimeAndKilledInTheDownload_HasTheRowsBeforeTheAccidentAndFetchesNothingAgain()
    {
        await server.LoseAsync();
        await server.Server.ExecuteAsync("create table if not exists untouched(v text)");
        var tools = await HeldTools.CreateAsync(server.NewFolder("tools"), "pg_verifybackup");
        await using var host = await RunbookHost.StartAsync(server, settings => settings["POSTGRES_BIN"] = tools.Folder);
        var recovery = await RecoveryClient.StartAsync(host.Process, targetTime: server.Before);
        var run = await host.Runs.FirstAsync(JobKinds.RecoverDatabase);
        await tools.CalledAsync("pg_verifybackup");
        await KillAsync(host, run);
        tools.Release("pg_verifybackup");

        var report = (await recovery.UntilAsync(state => state.HasEnded, "the end", 300)).Report.ShouldNotBeNull();

        report.Success.ShouldBeTrue();
        (await server.ContentsAsync(server.Server)).ShouldBe(server.ContentsBefore);
        var fetched = host.Runs.Output<FetchBackupResult>(run);
        fetched.Reused.ShouldBeGreaterThan(fetched.Downloaded);
        (report.BackupId, report.RecoveredTo, report.Point!.At, report.Point.Timeline).ShouldBe((server.BaseId, server.Before, server.Before, 1));
        report.Steps[2].Detail!.ShouldStartWith("recovered to time ");
        report.RpoSeconds!.Value.ShouldBe((report.StartTime - server.Before.UtcDateTime).TotalSeconds, tolerance: 0.1);
        (await server.Server.ScalarAsync<long>("select count(*) from untouched")).ShouldBe(0, "other databases of the server were left alone");
        NothingIsLeft(host);
    }

    [Fact]
    public async Task Recovery_WithoutATargetAndKilledInReplayAndDump_HasTheRowsOfTheEndOfTheLog()
    {
        await server.LoseAsync();
        var tools = await HeldTools.CreateAsync(server.NewFolder("tools"), "postgres", "pg_dump");
        await using var host = await RunbookHost.StartAsync(server, settings => settings["POSTGRES_BIN"] = tools.Folder);
        var recovery = await RecoveryClient.StartAsync(host.Process);
        var run = await host.Runs.FirstAsync(JobKinds.RecoverDatabase);
        await tools.CalledAsync("postgres");
        await KillAsync(host, run);
        tools.Release("postgres");
        await tools.CalledAsync("pg_dump");
        await KillAsync(host, run);
        tools.Release("pg_dump");

        var report = (await recovery.UntilAsync(state => state.HasEnded, "the end", 300)).Report.ShouldNotBeNull();

        report.Success.ShouldBeTrue();
        (await server.ContentsAsync(server.Server)).ShouldBe(server.ContentsOfTheEnd);
        var fetched = host.Runs.Output<FetchBackupResult>(run);
        (fetched.Downloaded, fetched.Reused).ShouldBe((0, host.Runs.Output<SelectBackupResult>(host.Runs.Of(JobKinds.SelectBackup)[0]).StoredSize));
        report.Point!.Target.ShouldBe("the end of the log");
        report.RecoveredTo!.Value.ShouldBeGreaterThan(server.Before);
        NothingIsLeft(host);
    }

    [Fact]
    public async Task Recovery_OutOfTheWindow_WaitsInStepOneWithTheWindow()
    {
        await using var host = await RunbookHost.StartAsync(server);
        var windows = await WindowsAsync(host);
        var recovery = await RecoveryClient.StartAsync(host.Process, targetTime: server.Before.AddDays(-30));

        var waiting = await recovery.UntilAsync(1, StepStatus.Waiting);
        await recovery.RaiseAsync("abort");

        waiting.Step(1)!.Detail!.ShouldContain("the first point that can be reached is 0/");
        (await recovery.ReportAsync()).Success.ShouldBeFalse();
        var main = windows.GetProperty("servers")[0];
        main.GetProperty("name").GetString().ShouldBe("main");
        main.GetProperty("ranges").GetArrayLength().ShouldBe(1);
        main.GetProperty("behind_bytes").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
        Directory.EnumerateDirectories(host.Process.RunStore, "wal-status-*").ShouldBeEmpty();
    }

    private static async Task<JsonElement> WindowsAsync(RunbookHost host)
    {
        using var client = host.Process.Client(SampleServer.FunctionKey);
        return await client.GetFromJsonAsync<JsonElement>("api/wal");
    }

    private static async Task KillAsync(RunbookHost host, string run)
    {
        var job = await host.Runs.ProcessAsync(run);
        Process.GetProcessById(job.Id).Kill(entireProcessTree: false);
        host.Runs.Store.ReadResult(run).ShouldBeNull();
    }

    /// <summary>The isolated server's files hold every database of the server.</summary>
    private static void NothingIsLeft(RunbookHost host) => Directory.EnumerateDirectories(Path.Combine(host.Process.Folder, "work", "restores"))
        .SelectMany(restore => Directory.EnumerateDirectories(restore)).ShouldBeEmpty();
}
