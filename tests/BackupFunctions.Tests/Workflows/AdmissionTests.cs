using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Http;
using BackupFunctions.Recovery;
using BackupFunctions.Tests.Support;

namespace BackupFunctions.Tests.Workflows;

/// <summary>A recovery begins after a confirmed start only, whichever door its workflow is started by.</summary>
[Collection(StateServerCollection.Name)]
public sealed class AdmissionTests(StateServer server)
{
    private const string Orchestrator = "runtime/webhooks/durabletask/orchestrators/DisasterRecovery";

    [Theory]
    [InlineData("""{"database":"shop","reason":"r"}""", "was not confirmed")]
    [InlineData("""{"database":"shop","reason":"r","confirmation":"shop"}""", "was not confirmed")]
    [InlineData("""{"database":"shop","reason":"r","confirmation":"00000000000000000000000000000000"}""", "was not confirmed")]
    [InlineData("""{"database":"other","reason":"r"}""", "'other' is not one of the configured databases")]
    [InlineData("""{"database":"shop","reason":"r","target_server":"elsewhere"}""", "'elsewhere' is not one of the configured servers")]
    [InlineData("null", "start it by POST /api/disaster-recovery")]
    public async Task Start_ByManagementApi_IsRefusedBeforeAnythingIsTouched(string input, string reason)
    {
        await using var host = await AppHost.StartAsync(server);
        using var content = new StringContent(input, System.Text.Encoding.UTF8, "application/json");
        using var start = await host.Http.PostAsync(new Uri($"{Orchestrator}/{DisasterRecoveryInstances.IdOf("shop")}", UriKind.Relative), content);
        start.StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await FailsAsync(host, DisasterRecoveryInstances.IdOf("shop"), reason);

        host.Jobs.Started.ShouldBeEmpty();
        host.Actions.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_ByManagementApiWithAnotherId_IsRefusedEvenWithATicket()
    {
        await using var host = await AppHost.StartAsync(server);
        var request = new DisasterRecoveryRequest { Database = "shop", Reason = "r", Confirmation = host.Service<RecoveryTickets>().Issue("shop") };

        var instance = await host.Client.ScheduleNewOrchestrationInstanceAsync("DisasterRecovery", request);

        await FailsAsync(host, instance, "its own instance id");
        host.Jobs.Started.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true, "its own instance id")]
    [InlineData(false, "was used before")]
    public async Task Restart_OfAnEndedRecovery_IsRefused(bool withNewId, string reason)
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.SelectBackup, Answer.Fails("No backup."));
        var instance = await host.RecoverAsync();
        await host.WaitingAsync(instance, step: 1);
        await host.Client.RaiseEventAsync(instance, "abort");
        await host.ReportAsync(instance);
        var jobs = host.Jobs.Started.Count;

        using var restart = await host.Http.PostAsync(
            new Uri($"runtime/webhooks/durabletask/instances/{instance}/restart?restartWithNewInstanceId={withNewId}", UriKind.Relative), null);
        var restarted = (await restart.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;

        await FailsAsync(host, restarted, reason);
        host.Jobs.Started.Count.ShouldBe(jobs);
    }

    private static async Task FailsAsync(AppHost host, string instance, string reason)
    {
        var end = await host.EndAsync(instance);
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        end.FailureDetails!.ErrorMessage.ShouldContain(reason);
    }
}
