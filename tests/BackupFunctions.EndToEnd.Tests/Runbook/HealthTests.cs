using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Runbook;

[Collection(RunbookCollection.Name)]
public sealed class HealthTests(SampleServer server)
{
    [Fact]
    public async Task Health_NeverGood_StopsBeforeRerouting()
    {
        await server.LoseAsync();
        await using var host = await RunbookHost.StartAsync(server, settings => settings["HEALTH_CHECK_ATTEMPTS"] = "3");
        host.Application.IsHealthy = false;
        var recovery = await RecoveryClient.StartAsync(host.Process);

        var waiting = await recovery.UntilAsync(6, StepStatus.Waiting);
        waiting.Status!.AwaitingEvents.ShouldBe(["retry", "abort"]);
        waiting.Step(6)!.Detail!.ShouldContain("not healthy after 3 attempts");
        waiting.Step(6)!.Detail!.ShouldContain("answered 503");
        waiting.Step(6)!.DurationSeconds!.Value.ShouldBeGreaterThanOrEqualTo(2);
        host.Application.Refusals.ShouldBe(3);
        await recovery.RaiseAsync("abort");

        var report = await recovery.ReportAsync();
        report.Success.ShouldBeFalse();
        report.Steps[5].Status.ShouldBe(StepStatus.Failed);
        report.Steps[6].Status.ShouldBe(StepStatus.Pending);
        host.Application.Refusals.ShouldBe(3);
        host.Reroute.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Health_BadByThePublicRoute_IsSaidAfterRerouting()
    {
        await server.LoseAsync();
        await using var host = await RunbookHost.StartAsync(server, settings => settings["PUBLIC_HEALTH_CHECK_URL"] = $"http://127.0.0.1:{TestSupport.FreePort.Next()}/");
        var recovery = await RecoveryClient.StartAsync(host.Process);

        var waiting = await recovery.UntilAsync(7, StepStatus.Waiting);
        waiting.Step(7)!.Detail!.ShouldContain("did not answer (ConnectionError)");
        host.Reroute.Calls.Count.ShouldBe(1);
        await recovery.RaiseAsync("abort");
        (await recovery.ReportAsync()).Success.ShouldBeFalse();
    }
}
