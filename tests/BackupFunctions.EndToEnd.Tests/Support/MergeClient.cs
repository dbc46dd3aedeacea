using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Merges;
using BackupFunctions.Http;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>A merge into the sample database by HTTP, also across restarts of the host.</summary>
internal sealed class MergeClient(HostProcess host)
{
    public static string Id { get; } = MergeInstances.IdOf(SampleServer.Database);

    public async Task StartAsync(object body)
    {
        var answer = await PostAsync("api/merges", body);
        answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Text);
        answer.Json["id"]!.GetValue<string>().ShouldBe(Id);
    }

    public async Task<Answer> PostAsync(string path, object body)
    {
        using var client = host.Client(SampleServer.MasterKey);
        return await Answer.OfAsync(client.PostAsJsonAsync(path, body));
    }

    public Task<JsonNode> StepAsync(int step, StepStatus status) => UntilAsync(state => Status(state)?.Steps[step - 1].Status == status, $"step {step} {status}");

    public async Task<MergeRestoreReport> ReportAsync()
    {
        var end = await EndAsync();
        end["runtimeStatus"]!.GetValue<string>().ShouldBe("Completed", end.ToJsonString());
        return end["output"].Deserialize<MergeRestoreReport>(ContractJson.Options)!;
    }

    public Task<JsonNode> EndAsync(string? instance = null) =>
        UntilAsync(state => state["runtimeStatus"]!.GetValue<string>() is "Completed" or "Failed" or "Terminated", "the end", instance);

    public static MergeRestoreStatus? Status(JsonNode state) => state["customStatus"].Deserialize<MergeRestoreStatus>(ContractJson.Options);

    private async Task<JsonNode> UntilAsync(Func<JsonNode, bool> condition, string what, string? instance = null)
    {
        JsonNode? last = null;
        return await Until.NotNullAsync(
            async () =>
            {
                using var client = host.Client(SampleServer.SystemKey);
                last = (await Answer.OfAsync(client.GetAsync($"runtime/webhooks/durabletask/instances/{instance ?? Id}"))).Json;
                return last["runtimeStatus"] is not null && condition(last) ? last : null;
            },
            () => $"{what}; last state {last}; host's log: {host.ReadLog()}",
            240);
    }
}
