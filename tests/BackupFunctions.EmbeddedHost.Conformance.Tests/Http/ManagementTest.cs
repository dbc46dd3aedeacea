using System.Net;
using System.Text;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

/// <summary>Requests to the durable management API of a host that many tests share.</summary>
[Collection(HttpHostCollection.Name)]
public abstract class ManagementTest(HttpHostFixture fixture)
{
    protected const string Base = "/runtime/webhooks/durabletask";

    protected HttpHostFixture Fixture => fixture;

    private protected TestHost Host => fixture.Host;

    private protected DurableTaskClient Client => Host.Services.GetRequiredService<DurableTaskClient>();

    protected async Task StartWaitingAsync(string id)
    {
        using var response = await PostAsync($"orchestrators/WaitForWord/{id}", "");
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await UntilAsync(id, OrchestrationRuntimeStatus.Running);
    }

    protected async Task RaiseAsync(string id) => (await EventCodeAsync(id, "word", "application/json", "\"go\"")).ShouldBe(202);

    protected async Task EndAsync(string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Client.WaitForInstanceCompletionAsync(id, limit.Token);
    }

    protected Task UntilAsync(string id, OrchestrationRuntimeStatus status) => UntilAsync(id, instance => instance.RuntimeStatus == status);

    protected async Task UntilAsync(string id, Func<OrchestrationMetadata, bool> isReached)
    {
        for (var attempt = 0; attempt < 1200; attempt++)
        {
            if (await Client.GetInstancesAsync(id, getInputsAndOutputs: true) is { } instance && isReached(instance))
            {
                return;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"{id} did not become what the test waits for");
    }

    protected async Task<string[]> IdsAsync(string path) =>
        [.. (await JsonAsync(path)).EnumerateArray().Select(item => item.GetProperty("instanceId").GetString()!)];

    protected Task<JsonElement> JsonAsync(string path) => Host.JsonAsync(HttpMethod.Get, $"{Base}/{path}", TestHost.SystemKey);

    protected async Task<int> CodeAsync(HttpMethod method, string path)
    {
        using var response = await Host.SendAsync(method, $"{Base}/{path}", TestHost.SystemKey);
        return (int)response.StatusCode;
    }

    protected Task<HttpResponseMessage> PostAsync(string path, string body) =>
        Host.SendAsync(HttpMethod.Post, $"{Base}/{path}", TestHost.SystemKey, new StringContent(body, Encoding.UTF8, "application/json"));

    protected async Task<int> EventCodeAsync(string id, string name, string type, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await Host.SendAsync(HttpMethod.Post, $"{Base}/instances/{id}/raiseEvent/{name}", TestHost.SystemKey, content);
        return (int)response.StatusCode;
    }
}
