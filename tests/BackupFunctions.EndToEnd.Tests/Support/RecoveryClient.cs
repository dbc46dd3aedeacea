using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Http;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>The sample database's recovery by HTTP, also across restarts of the host.</summary>
internal sealed class RecoveryClient
{
    private readonly HostProcess _host;

    private RecoveryClient(HostProcess host) => _host = host;

    public static string Id { get; } = DisasterRecoveryInstances.IdOf(SampleServer.Database);

    /// <param name="host">Where it runs.</param>
    /// <param name="targetServer">A server of the settings.</param>
    /// <param name="backupId">A dump.</param>
    /// <param name="targetTime">A point of the log.</param>
    public static async Task<RecoveryClient> StartAsync(HostProcess host, string? targetServer = null, string? backupId = null, DateTimeOffset? targetTime = null)
    {
        using var client = host.Client(SampleServer.MasterKey);
        using var response = await client.PostAsJsonAsync("api/disaster-recovery", new
        {
            database = SampleServer.Database, reason = "test", confirm = SampleServer.Database, targetServer, backupId, targetTime,
        });
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        return new RecoveryClient(host);
    }

    public async Task<RecoveryState> StateAsync()
    {
        using var client = _host.Client(SampleServer.SystemKey);
        using var response = await client.GetAsync($"runtime/webhooks/durabletask/instances/{Id}");
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{response.StatusCode}: {text}");
        return new RecoveryState(JsonNode.Parse(text)!);
    }

    /// <summary>The first state that is as asked for; an end that is not fails at once.</summary>
    public async Task<RecoveryState> UntilAsync(Func<RecoveryState, bool> condition, string what, int seconds = 90)
    {
        RecoveryState? last = null;
        return await Until.NotNullAsync(
            async () =>
            {
                last = await StateAsync();
                var met = condition(last);
                (met || !last.HasEnded).ShouldBeTrue($"ended without: {what}; {last.Json}");
                return met ? last : null;
            },
            () => $"{what}; last state {last?.Json}; host's log: {_host.ReadLog()}",
            seconds);
    }

    public Task<RecoveryState> UntilAsync(int step, StepStatus status) => UntilAsync(state => state.Is(step, status), $"step {step} {status}");

    public async Task<DisasterRecoveryReport> ReportAsync() => (await UntilAsync(state => state.HasEnded, "the end")).Report.ShouldNotBeNull();

    public Task RaiseAsync(string name) => PostAsync($"raiseEvent/{name}");

    /// <summary>A management call: suspend, resume, terminate.</summary>
    public async Task PostAsync(string call)
    {
        using var client = _host.Client(SampleServer.SystemKey);
        using var body = new StringContent("null", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync($"runtime/webhooks/durabletask/instances/{Id}/{call}", body);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
    }
}
