using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Runbook;

[Collection(RunbookCollection.Name)]
public sealed class FailedStepTests(SampleServer server)
{
    [Fact]
    public async Task FailedStep_RestartCommandMended_RetryGoesOn()
    {
        await server.LoseAsync();
        await using var host = await RunbookHost.StartAsync(server);
        host.Restart.EndsWith(1);
        var recovery = await RecoveryClient.StartAsync(host.Process);

        var waiting = await recovery.UntilAsync(5, StepStatus.Waiting);
        waiting.Status!.AwaitingEvents.ShouldBe(["retry", "abort"]);
        waiting.Step(5)!.Detail!.ShouldContain("ended with 1: the balancer does not answer");
        waiting.Status.CurrentStep.ShouldBe(5);
        host.Restart.EndsWith(0);
        await recovery.RaiseAsync("retry");

        var report = await recovery.ReportAsync();
        report.Success.ShouldBeTrue();
        report.Steps.ShouldAllBe(step => step.Status == StepStatus.Completed);
        host.Restart.Calls.Count.ShouldBe(2);
        host.Runs.Count().Values.ShouldAllBe(runs => runs == 1);
    }

    [Fact]
    public async Task FailedStep_SwapBlockedAndAborted_LeavesTheLiveDatabaseAsItWas()
    {
        await server.EnsureLiveAsync();
        var properties = await server.PropertiesAsync();
        await server.Server.ExecuteAsync("begin; create table blocking (a int); prepare transaction 'blocking'", SampleServer.Database);
        await using var host = await RunbookHost.StartAsync(server);
        var recovery = await RecoveryClient.StartAsync(host.Process);

        var waiting = await recovery.UntilAsync(4, StepStatus.Waiting);
        waiting.Status!.AwaitingEvents.ShouldBe(["retry", "abort"]);
        waiting.Step(4)!.Detail!.ShouldContain("has prepared transactions (blocking)");
        await recovery.RaiseAsync("abort");

        var report = await recovery.ReportAsync();
        await server.Server.ExecuteAsync("rollback prepared 'blocking'", SampleServer.Database);
        report.Success.ShouldBeFalse();
        report.KeptDatabase.ShouldBeNull();
        report.RecoveredTo.ShouldBeNull();
        report.Steps.Select(step => step.Status).ShouldBe(
            [StepStatus.Completed, StepStatus.Completed, StepStatus.Completed, StepStatus.Failed, StepStatus.Pending, StepStatus.Pending, StepStatus.Pending]);
        report.Steps[3].Detail!.ShouldContain("prepared transactions");
        var scratch = (await server.RemainsAsync()).ShouldHaveSingleItem();
        report.Warnings.ShouldContain(warning => warning.Contains($"DROP DATABASE \"{scratch}\"", StringComparison.Ordinal));
        report.Warnings.ShouldContain(warning => warning.Contains($"work folder of restore {report.RestoreLogId}", StringComparison.Ordinal));
        host.Restart.Calls.ShouldBeEmpty();
        (await server.ContentsAsync(server.Server)).ShouldBe(server.Contents);
        (await server.PropertiesAsync()).ShouldBe(properties);
    }

    [Fact]
    public async Task FailedStep_SwapUnblocked_RetrySwapsWhatIsRestoredAlready()
    {
        await server.EnsureLiveAsync();
        await server.Server.ExecuteAsync("begin; create table blocking (a int); prepare transaction 'blocking'", SampleServer.Database);
        await using var host = await RunbookHost.StartAsync(server);
        var recovery = await RecoveryClient.StartAsync(host.Process);

        await recovery.UntilAsync(4, StepStatus.Waiting);
        await server.Server.ExecuteAsync("rollback prepared 'blocking'", SampleServer.Database);
        await recovery.RaiseAsync("retry");

        var report = await recovery.ReportAsync();
        report.Success.ShouldBeTrue();
        (await server.ContentsAsync(server.Server)).ShouldBe(server.Contents);
        (await server.RemainsAsync()).ShouldBe([report.KeptDatabase!]);
        host.Runs.Of(JobKinds.RestoreDatabase).Count.ShouldBe(1);
        host.Runs.Of(JobKinds.SwapDatabase).Count.ShouldBe(2);
    }
}
