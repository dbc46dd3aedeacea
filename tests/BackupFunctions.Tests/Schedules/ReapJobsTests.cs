using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EmbeddedHost;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Merges;
using BackupFunctions.Schedules;
using BackupFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Tests.Schedules;

[Collection(StateServerCollection.Name)]
public sealed class ReapJobsTests(StateServer server)
{
    [Fact]
    public async Task Run_WorkflowStillRuns_LeavesItsJobAlone()
    {
        await using var host = await AppHost.StartAsync(server);
        await StartBackupAsync(host);

        await ReapAsync(host);

        host.Jobs.Canceled.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_WorkflowWasTerminated_AsksItsJobToStop()
    {
        await using var host = await AppHost.StartAsync(server);
        var instance = await StartBackupAsync(host);
        await host.Client.TerminateInstanceAsync(instance, "not now");
        (await host.EndAsync(instance)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);

        await ReapAsync(host);

        host.Jobs.Canceled.ShouldBe([host.Jobs.Started[0].RunId]);
    }

    [Fact]
    public async Task Run_WorkflowIsNotKnown_LeavesTheJobAlone()
    {
        await using var host = await AppHost.StartAsync(server);
        var instance = await StartBackupAsync(host);
        await host.Client.TerminateInstanceAsync(instance, "not now");
        await host.EndAsync(instance);
        await host.Client.PurgeInstanceAsync(instance);

        await ReapAsync(host);

        host.Jobs.Canceled.ShouldBeEmpty();
    }

    /// <summary>A backup whose job runs on and on.</summary>
    private static async Task<string> StartBackupAsync(AppHost host)
    {
        host.Jobs.On(JobKinds.FullBackup, Answer.Runs("dump", 1, 2));
        using var answer = await host.Http.PostAsJsonAsync("api/backups", new { database = "shop", kind = "Full" });
        var instance = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (host.Jobs.Started.Count == 0)
        {
            await Task.Delay(20, limit.Token);
        }

        return instance;
    }

    private static Task ReapAsync(AppHost host) =>
        new ReapJobs(host.Jobs, host.Service<MergeSweep>(), NullLogger<ReapJobs>.Instance).Run(new TimerInfo(), host.Client, CancellationToken.None);
}
