using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.JobRunners.Runs;
using BackupFunctions.Tests.Support;
using BackupFunctions.Workflows;

namespace BackupFunctions.Tests.Workflows;

[Collection(StateServerCollection.Name)]
public sealed class FullBackupTests(StateServer server)
{
    [Fact]
    public async Task Run_JobSucceeds_GivesItsResult()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.FullBackup, Answer.Runs("dump", 10, 100), Answer.Succeeds(JobResults.Backup));

        var end = await host.EndAsync(await StartAsync(host));

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        end.ReadOutputAs<FullBackupResult>()!.BackupId.ShouldBe(JobResults.BackupId);
        end.ReadCustomStatusAs<JobProgress>()!.Phase.ShouldBe("dump");
        var spec = host.Jobs.Started.ShouldHaveSingleItem();
        spec.InstanceId.ShouldBe(end.InstanceId);
        spec.Parameters["database"]!.GetValue<string>().ShouldBe("shop");
    }

    [Fact]
    public async Task Run_JobFails_FailsWithItsSentence()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.FullBackup, Answer.Fails("The server refused the login: check Servers__main__Password."));
        (await FailureAsync(host)).ShouldContain("The server refused the login: check Servers__main__Password.");

        host.Jobs.On(JobKinds.FullBackup, Answer.Fails(null));
        (await FailureAsync(host)).ShouldContain("ended as Failed");

        host.Jobs.On(JobKinds.FullBackup, Answer.SucceedsWithoutOutput());
        (await FailureAsync(host)).ShouldContain("left no output");
    }

    [Fact]
    public async Task Run_JobLost_IsStartedAgainAsTheSameRun()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.FullBackup, Answer.Lost, Answer.Succeeds(JobResults.Backup));

        var end = await host.EndAsync(await StartAsync(host));

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        host.Jobs.Started.Count.ShouldBe(2);
        host.Jobs.Started.Select(spec => spec.RunId).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Run_JobLostFiveTimes_Fails()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.FullBackup, Answer.Lost);

        (await FailureAsync(host)).ShouldContain("ended 5 times without a result");

        host.Jobs.Started.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Run_ResultAppearsInTheRunStore_WakesBeforeTheTimer()
    {
        await using var host = await AppHost.StartAsync(server);
        using var release = new ManualResetEventSlim();
        var done = Answer.Succeeds(JobResults.Backup);
        var running = Answer.Runs("dump", 10, 100);
        host.Jobs.On(JobKinds.FullBackup, spec => release.IsSet ? done(spec) : running(spec));
        var instance = await StartAsync(host);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (host.Jobs.Looks < 5)
        {
            await Task.Delay(20, limit.Token);
        }

        // From here the next look by timer is 3 seconds away.
        var spec = host.Jobs.Started[0];
        var store = host.Service<RunStore>();
        store.Create(spec);
        release.Set();
        store.WriteResult(done(spec).Result!);
        (await host.EndAsync(instance)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);

        // Every look but the first and the woken one follows a timer.
        var status = await host.Http.GetFromJsonAsync<JsonElement>($"runtime/webhooks/durabletask/instances/{instance}?showHistory=true");
        var types = status.GetProperty("historyEvents").EnumerateArray().Select(happened => happened.GetProperty("EventType").GetString()).ToList();
        types.ShouldContain("EventRaised", StringComparer.Ordinal);
        types.Count(type => type == "TimerFired").ShouldBe(host.Jobs.Looks - 2);
    }

    private static Task<string> StartAsync(AppHost host) =>
        host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(FullBackup), new FullBackupParameters("shop", "test"));

    private static async Task<string> FailureAsync(AppHost host)
    {
        var end = await host.EndAsync(await StartAsync(host));
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        return end.FailureDetails!.ErrorMessage;
    }
}
