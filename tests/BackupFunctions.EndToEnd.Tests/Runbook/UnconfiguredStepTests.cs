using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Runbook;

[Collection(RunbookCollection.Name)]
public sealed class UnconfiguredStepTests(SampleServer server)
{
    private static readonly string[] Settings = ["RESTART_COMMAND", "HEALTH_CHECK_URL", "REROUTE_COMMAND", "PUBLIC_HEALTH_CHECK_URL"];

    [Fact]
    public async Task UnconfiguredStep_Reached_WaitsForAPersonsWord()
    {
        await server.LoseAsync();
        await using var host = await RunbookHost.StartAsync(server, settings => Array.ForEach(Settings, name => settings.Remove(name)));
        var recovery = await RecoveryClient.StartAsync(host.Process);
        await recovery.RaiseAsync("continue");

        // What was said before the question is no answer to it: step 5 waits all the same.
        for (var step = 5; step <= 7; step++)
        {
            var waiting = await recovery.UntilAsync(step, StepStatus.Waiting);
            waiting.Status!.AwaitingEvents.ShouldBe(["continue", "abort"]);
            waiting.Step(step)!.Detail!.ShouldContain($"{Settings[step - 5]}");
            await recovery.RaiseAsync("continue");
        }

        var report = await recovery.ReportAsync();
        report.Success.ShouldBeTrue();
        report.Steps.ShouldAllBe(step => step.Status == StepStatus.Completed);
        report.Steps.Skip(4).ShouldAllBe(step => step.Detail == "done by a person");
    }
}
