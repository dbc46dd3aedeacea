using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Tests.Support;
using BackupFunctions.Workflows;

namespace BackupFunctions.Tests.Workflows;

[Collection(StateServerCollection.Name)]
public sealed class IntegrityCheckTests(StateServer server)
{
    [Fact]
    public async Task Run_CopyIsDamaged_ListsItInItsOutput()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.VerifyCopies, Answer.Succeeds(new VerifyCopiesResult
        {
            Success = false,
            CheckedAt = DateTimeOffset.UnixEpoch,
            Backups = 1,
            Good = 2,
            Missing = 0,
            Damaged = 1,
            Unreachable = 0,
            Repaired = 0,
            BytesRead = 300,
            Findings = [new CopyFinding("id", "shop", "r2", CopyCondition.Damaged, "Flipped.") { NotRepaired = "Locked." }],
            Problems = [],
        }));

        var end = await host.EndAsync(
            await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(IntegrityCheck), new VerifyCopiesParameters("schedule", Repair: true)));

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        var output = end.ReadOutputAs<VerifyCopiesResult>()!;
        output.Success.ShouldBeFalse();
        var finding = output.Findings.ShouldHaveSingleItem();
        (finding.Target, finding.Condition, finding.NotRepaired).ShouldBe(("r2", CopyCondition.Damaged, "Locked."));
        host.Jobs.Started.ShouldHaveSingleItem().Parameters["repair"]!.GetValue<bool>().ShouldBeTrue();
    }
}
