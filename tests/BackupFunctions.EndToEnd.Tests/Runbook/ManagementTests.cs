using System.Net;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Runbook;

/// <summary>What the Durable management API does to a recovery that runs.</summary>
[Collection(RunbookCollection.Name)]
public sealed class ManagementTests(SampleServer server)
{
    [Fact]
    public async Task Recovery_Suspended_WaitsUntilItIsResumed()
    {
        await server.LoseAsync();
        await using var host = await RunbookHost.StartAsync(server);
        host.Application.IsHealthy = false;
        var recovery = await RecoveryClient.StartAsync(host.Process);
        await recovery.UntilAsync(6, StepStatus.Running);
        await recovery.PostAsync("suspend?reason=test");
        await recovery.UntilAsync(state => state.RuntimeStatus == "Suspended", "suspended");
        host.Application.IsHealthy = true;
        (await recovery.StateAsync()).RuntimeStatus.ShouldBe("Suspended");
        host.Reroute.Calls.ShouldBeEmpty();
        await recovery.PostAsync("resume?reason=test");

        (await recovery.ReportAsync()).Success.ShouldBeTrue();
        host.Reroute.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Recovery_Terminated_MakesWayForANewOne()
    {
        await server.LoseAsync();
        await using var host = await RunbookHost.StartAsync(server);
        host.Restart.Hold();
        var recovery = await RecoveryClient.StartAsync(host.Process);
        await Until.TrueAsync(() => host.Restart.Calls.Count == 1, "the restart command is called");
        await recovery.PostAsync("terminate?reason=test");
        (await recovery.UntilAsync(state => state.HasEnded, "the end")).RuntimeStatus.ShouldBe("Terminated");
        using (var client = host.Process.Client(SampleServer.SystemKey))
        using (var late = await client.PostAsync($"runtime/webhooks/durabletask/instances/{RecoveryClient.Id}/resume", content: null))
        {
            late.StatusCode.ShouldBe(HttpStatusCode.Gone);
        }

        host.Restart.Release();
        var next = await RecoveryClient.StartAsync(host.Process);

        var report = await next.ReportAsync();
        report.Success.ShouldBeTrue();
        report.KeptDatabase.ShouldBe($"pgdr_kept_{report.RestoreLogId}", "the first recovery had swapped already");
        host.Restart.Calls.Count.ShouldBe(2);
        host.Restart.Calls.Distinct(StringComparer.Ordinal).Count().ShouldBe(2, "another recovery, another id");
        (await server.ContentsAsync(server.Server)).ShouldBe(server.Contents);
    }
}
