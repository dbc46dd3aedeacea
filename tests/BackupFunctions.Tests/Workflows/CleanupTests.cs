using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Tests.Support;
using BackupFunctions.Workflows;

namespace BackupFunctions.Tests.Workflows;

[Collection(StateServerCollection.Name)]
public sealed class CleanupTests(StateServer server)
{
    [Fact]
    public async Task Run_SomethingCouldNotBeDone_SaysSoInItsOutput()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.Cleanup, Answer.Runs("delete", 10, 100), Answer.Succeeds(Result));

        var end = await host.EndAsync(await StartAsync(host));

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        var output = end.ReadOutputAs<CleanupResult>()!;
        output.Success.ShouldBeFalse();
        output.Problems.ShouldHaveSingleItem().ShouldContain("unreachable");
        host.Jobs.Started.ShouldHaveSingleItem().Parameters["reason"]!.GetValue<string>().ShouldBe("schedule");
    }

    [Fact]
    public async Task Run_JobFails_FailsWithItsSentence()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.Cleanup, Answer.Fails("No signing key is configured: set BACKUP_SIGNING_KEY_PATH."));

        var end = await host.EndAsync(await StartAsync(host));

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        end.FailureDetails!.ErrorMessage.ShouldContain("No signing key is configured");
    }

    private static CleanupResult Result => new()
    {
        Success = false,
        DryRun = false,
        Kept = 3,
        Tombstoned = 0,
        TombstonesCancelled = 0,
        Deleted = 0,
        Blocked = 1,
        OrphansRemoved = 0,
        BytesDeleted = 0,
        Problems = ["Target r2 is unreachable: check the connection."],
        Decisions = [],
    };

    private static Task<string> StartAsync(AppHost host) =>
        host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Cleanup), new CleanupParameters("schedule"));
}
