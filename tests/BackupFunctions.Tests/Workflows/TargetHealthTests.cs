using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Tests.Support;
using BackupFunctions.Workflows;

namespace BackupFunctions.Tests.Workflows;

[Collection(StateServerCollection.Name)]
public sealed class TargetHealthTests(StateServer server)
{
    [Fact]
    public async Task Run_TargetFails_GivesTheReportsOfTheJob()
    {
        await using var host = await AppHost.StartAsync(server);
        var found = new TargetCheckResult
        {
            CheckedAt = DateTimeOffset.UnixEpoch,
            Targets = [new TargetReport { Target = "r2", Status = CheckStatus.Fail, Findings = [new TargetFinding("connect", CheckStatus.Fail, "Away.")] }],
        };
        host.Jobs.On(JobKinds.TargetCheck, Answer.Succeeds(found));

        var end = await host.EndAsync(
            await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(TargetHealth), new TargetCheckParameters(["r2"], "test")));

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        var target = end.ReadOutputAs<TargetCheckResult>()!.Targets.ShouldHaveSingleItem();
        target.Status.ShouldBe(CheckStatus.Fail);
        target.Findings.ShouldHaveSingleItem().Detail.ShouldBe("Away.");
        host.Jobs.Started.ShouldHaveSingleItem().Parameters["targets"]![0]!.GetValue<string>().ShouldBe("r2");
    }
}
