using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Merges;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Http;
using BackupFunctions.Merges;
using BackupFunctions.Recovery;
using BackupFunctions.Tests.Support;
using BackupFunctions.Workflows;

namespace BackupFunctions.Tests.Workflows;

/// <summary>A merge begins after a checked start only, and never beside a recovery or another merge of its database.</summary>
[Collection(StateServerCollection.Name)]
public sealed class MergeAdmissionTests(StateServer server)
{
    private static readonly string Instance = MergeInstances.IdOf("shop");

    [Theory]
    [InlineData("""{"database":"shop","apply":true}""", "was not started by POST /api/merges")]
    [InlineData("""{"database":"shop","confirmation":"00000000000000000000000000000000"}""", "was not started by POST /api/merges")]
    [InlineData("""{"database":"other"}""", "'other' is not one of the configured databases")]
    [InlineData("null", "start it by POST /api/merges")]
    public async Task Start_ByManagementApi_IsRefusedBeforeAnythingIsTouched(string input, string reason)
    {
        await using var host = await AppHost.StartAsync(server);
        using var content = new StringContent(input, System.Text.Encoding.UTF8, "application/json");
        using var start = await host.Http.PostAsync(new Uri($"runtime/webhooks/durabletask/orchestrators/MergeRestore/{Instance}", UriKind.Relative), content);
        start.StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await FailsAsync(host, Instance, reason);

        host.Merges().ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_WithAnotherIdOrTheTicketOfARecovery_IsRefused()
    {
        await using var host = await AppHost.StartAsync(server);
        var request = new MergeRestoreRequest { Database = "shop", Confirmation = host.Service<MergeTickets>().Issue("shop") };
        var foreign = request with { Confirmation = host.Service<RecoveryTickets>().Issue("shop") };

        await FailsAsync(host, await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(MergeRestore), request), "its own instance id");
        await FailsAsync(host, await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(MergeRestore), foreign, new StartOrchestrationOptions(Instance)), "was not started by");
    }

    [Fact]
    public async Task Restart_OfAnEndedMerge_IsRefused()
    {
        await using var host = await AppHost.StartAsync(server);
        await host.MergeAsync();
        (await host.EndAsync(Instance)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        var jobs = host.Jobs.Started.Count;

        using var restart = await host.Http.PostAsync(new Uri($"runtime/webhooks/durabletask/instances/{Instance}/restart?restartWithNewInstanceId=false", UriKind.Relative), null);

        await FailsAsync(host, Instance, "was used before", jobs);
    }

    [Fact]
    public async Task Start_WhileAMergeRuns_MergeAndRecoveryGet409()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.FetchBackup, Answer.Runs("download", 1, 2));
        await host.MergeAsync();

        await ConflictAsync(host, "api/merges", new { database = "shop", reason = "r" }, "merge/running", Instance);
        await ConflictAsync(host, "api/disaster-recovery", new { database = "shop", reason = "r", confirm = "shop" }, "merge/running", Instance);
    }

    [Fact]
    public async Task Start_WhileARecoveryRuns_IsRefused()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.FetchBackup, Answer.Runs("download", 1, 2));
        var recovery = await host.RecoverAsync();

        await ConflictAsync(host, "api/merges", new { database = "shop", reason = "r" }, "disaster-recovery/running", recovery);
    }

    /// <summary>As when both were let in by their starts in the same moment.</summary>
    [Fact]
    public async Task Start_BesideTheOther_IsRefusedByTheWorkflowItself()
    {
        await using var host = await AppHost.StartAsync(server, ("BACKUP_DATABASES", "shop;crm"));
        host.Jobs.On(JobKinds.FetchBackup, Answer.Runs("download", 1, 2));
        var recovery = await host.RecoverAsync();
        var merge = await host.MergeAsync("crm");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (host.Jobs.StartsOf(JobKinds.FetchBackup) < 2)
        {
            await Task.Delay(20, limit.Token);
        }

        var jobs = host.Jobs.Started.Count;
        var besideRecovery = new MergeRestoreRequest { Database = "shop", Confirmation = host.Service<MergeTickets>().Issue("shop") };
        await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(MergeRestore), besideRecovery, new StartOrchestrationOptions(Instance));
        var besideMerge = new DisasterRecoveryRequest { Database = "crm", Reason = "r", Confirmation = host.Service<RecoveryTickets>().Issue("crm") };
        await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(DisasterRecovery), besideMerge, new StartOrchestrationOptions(DisasterRecoveryInstances.IdOf("crm")));

        await FailsAsync(host, Instance, $"is running as {recovery}", jobs);
        await FailsAsync(host, DisasterRecoveryInstances.IdOf("crm"), $"is running as {merge}", jobs);
    }

    private static async Task ConflictAsync(AppHost host, string path, object body, string type, string instance)
    {
        using var answer = await host.Http.PostAsJsonAsync(path, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().ShouldBe($"urn:backupfunctions:{type}");
        problem.GetProperty("instanceId").GetString().ShouldBe(instance);
    }

    private static async Task FailsAsync(AppHost host, string instance, string reason, int jobs = 0)
    {
        var end = await host.EndAsync(instance);
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        end.FailureDetails!.ErrorMessage.ShouldContain(reason);
        host.Jobs.Started.Count.ShouldBe(jobs);
    }
}
