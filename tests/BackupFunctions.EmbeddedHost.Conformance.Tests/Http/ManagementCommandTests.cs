using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

public sealed class ManagementCommandTests(HttpHostFixture fixture) : ManagementTest(fixture)
{
    [Fact]
    [Conforms("raiseEvent checks in this order: 404 unknown, 410 ended, 400 content type, 400 JSON, 202; names in any case", Source.DurableExtension)]
    public async Task RaiseEvent_ChecksInDocumentedOrder()
    {
        await StartWaitingAsync("events");
        (await EventCodeAsync("unknown", "word", "text/plain", "x")).ShouldBe(404);
        (await EventCodeAsync("events", "word", "text/plain", "\"x\"")).ShouldBe(400);
        (await EventCodeAsync("events", "word", "application/json", "{")).ShouldBe(400);
        (await EventCodeAsync("events", "WORD", "application/json", "\"go\"")).ShouldBe(202);
        await EndAsync("events");
        (await JsonAsync("instances/events")).GetProperty("output").GetString().ShouldBe("go");
        (await EventCodeAsync("events", "word", "text/plain", "x")).ShouldBe(410);
    }

    [Fact]
    [Conforms("terminate, suspend, resume: 404 unknown, 410 ended, else 202; terminate's reason becomes the output; routes in any case", Source.DurableExtension)]
    public async Task SuspendResumeTerminate_ChangeTheInstance_AndAreGoneAtTheEnd()
    {
        await StartWaitingAsync("managed");
        (await CodeAsync(HttpMethod.Post, "instances/managed/suspend?reason=hold")).ShouldBe(202);
        await UntilAsync("managed", OrchestrationRuntimeStatus.Suspended);
        (await CodeAsync(HttpMethod.Post, "INSTANCES/managed/RESUME?reason=go")).ShouldBe(202);
        await UntilAsync("managed", OrchestrationRuntimeStatus.Running);
        (await CodeAsync(HttpMethod.Post, "instances/managed/terminate?reason=enough")).ShouldBe(202);
        await EndAsync("managed");

        var status = await JsonAsync("instances/managed");
        status.GetProperty("runtimeStatus").GetString().ShouldBe("Terminated");
        status.GetProperty("output").GetString().ShouldBe("enough");
        foreach (var operation in new[] { "suspend", "resume", "terminate" })
        {
            (await CodeAsync(HttpMethod.Post, $"instances/managed/{operation}")).ShouldBe(410, operation);
            (await CodeAsync(HttpMethod.Post, $"instances/unknown/{operation}")).ShouldBe(404, operation);
        }
    }

    [Fact]
    [Conforms("rewind: 404 unknown, 410 ended otherwise, 412 running, 202 failed", Source.DurableExtension)]
    public async Task Rewind_StatesOfInstance_GiveDocumentedCodes()
    {
        using var start = await PostAsync("orchestrators/Fail/rewound", "");
        await EndAsync("rewound");
        await StartWaitingAsync("not-failed");
        using var completed = await PostAsync("orchestrators/Hello/completed?timeout=30&pollingInterval=1", """{"name": "x"}""");

        (await CodeAsync(HttpMethod.Post, "instances/rewound/rewind?reason=again")).ShouldBe(202);
        (await CodeAsync(HttpMethod.Post, "instances/not-failed/rewind")).ShouldBe(412);
        (await CodeAsync(HttpMethod.Post, "instances/completed/rewind")).ShouldBe(410);
        (await CodeAsync(HttpMethod.Post, "instances/unknown/rewind")).ShouldBe(404);
    }

    [Fact]
    [Conforms("restart runs the same input under a new id by default, or the same id: 202 or waited for, 409 while it runs, 400 unknown", Source.DurableExtension)]
    public async Task Restart_StatesOfInstance_GiveDocumentedCodes()
    {
        using var first = await PostAsync("orchestrators/Hello/restarted?timeout=30&pollingInterval=1", """{"name": "Eve"}""");
        using var restart = await PostAsync("instances/restarted/restart?timeout=30&pollingInterval=1", "");
        (await restart.Content.ReadAsStringAsync()).ShouldBe("\"Hello Eve\"");
        using var sameId = await PostAsync("instances/restarted/restart?restartWithNewInstanceId=false", "");
        (await sameId.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString().ShouldBe("restarted");
        await StartWaitingAsync("still-running");

        (await CodeAsync(HttpMethod.Post, "instances/still-running/restart?restartWithNewInstanceId=false")).ShouldBe(409);
        (await CodeAsync(HttpMethod.Post, "instances/unknown/restart")).ShouldBe(400);
    }

    [Fact]
    [Conforms("DELETE instances/{id}: 412 while it runs, 200 {instancesDeleted}, then 404", Source.DurableExtension)]
    public async Task Purge_One_NeedsAnEndedInstance()
    {
        await StartWaitingAsync("purged");
        (await CodeAsync(HttpMethod.Delete, "instances/purged")).ShouldBe(412);
        await RaiseAsync("purged");
        await EndAsync("purged");

        var purged = await Host.JsonAsync(HttpMethod.Delete, $"{Base}/instances/purged", TestHost.SystemKey);
        purged.GetRawText().ShouldBe("""{"instancesDeleted":1}""");
        (await CodeAsync(HttpMethod.Get, "instances/purged")).ShouldBe(404);
        (await CodeAsync(HttpMethod.Delete, "instances/purged")).ShouldBe(404);
    }
}
