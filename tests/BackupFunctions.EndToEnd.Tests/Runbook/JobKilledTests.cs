using System.Diagnostics;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Runbook;

[Collection(RunbookCollection.Name)]
public sealed class JobKilledTests(SampleServer server)
{
    [Fact]
    public async Task Recovery_JobKilledInRestore_BeginsWithAFreshScratchDatabaseAndCompletes()
    {
        await server.LoseAsync();
        await using var host = await RunbookHost.StartAsync(server, settings => settings["RESTORE_JOBS"] = "1");
        var recovery = await RecoveryClient.StartAsync(host.Process);
        var run = await host.Runs.FirstAsync(JobKinds.RestoreDatabase);
        await Until.TrueAsync(() => host.Runs.Store.ReadProgress(run)?.Phase == "restore", "the job restores");
        var job = await host.Runs.ProcessAsync(run);
        Process.GetProcessById(job.Id).Kill(entireProcessTree: false);
        host.Runs.Store.ReadResult(run).ShouldBeNull();
        var scratch = await server.Server.ScalarAsync<uint>(@"select oid from pg_database where datname like 'pgdr\_%'");

        var report = await recovery.ReportAsync();

        report.Success.ShouldBeTrue();
        (await server.ContentsAsync(server.Server)).ShouldBe(server.Contents);
        scratch.ShouldNotBe(0u);
        (await server.Server.ScalarAsync<uint>($"select oid from pg_database where datname = '{SampleServer.Database}'")).ShouldNotBe(scratch);
        (await server.RemainsAsync()).ShouldBeEmpty();
        host.Runs.Count().Values.ShouldAllBe(runs => runs == 1);
        (await host.Runs.ProcessAsync(run)).Id.ShouldNotBe(job.Id);
        host.Runs.Output<RestoreDatabaseResult>(run).Rows.ShouldBe(report.Rows!.Value);
    }
}
