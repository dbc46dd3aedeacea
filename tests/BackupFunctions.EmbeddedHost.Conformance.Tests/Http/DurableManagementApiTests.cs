using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

public class DurableManagementApiTests(HttpHostFixture fixture) : IClassFixture<HttpHostFixture>
{
    private const string Base = "/runtime/webhooks/durabletask";

    private static readonly string[] StartKeys =
    [
        "id", "statusQueryGetUri", "sendEventPostUri", "terminatePostUri", "purgeHistoryDeleteUri", "restartPostUri", "suspendPostUri", "resumePostUri",
    ];

    private static readonly string[] StatusKeys =
    [
        "name", "instanceId", "runtimeStatus", "input", "customStatus", "output", "createdTime", "lastUpdatedTime", "historyEvents",
    ];

    private TestHost Host => fixture.Host;

    [Fact]
    [Conforms("CreateHttpManagementPayload links carry task hub, connection and system key and work as they are; status payload has the documented keys, JSON tokens and times to the second", Source.DurableExtension)]
    public async Task Start_ByFunction_PayloadLinksWorkWithoutAnyOtherKey()
    {
        using var response = await Host.SendAsync(HttpMethod.Post, "/api/hello/Ada", TestHost.FunctionKey);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var payload = await response.Content.ReadFromJsonAsync<JsonElement>();
        var status = payload.GetProperty("statusQueryGetUri").GetString()!;
        response.Headers.Location!.OriginalString.ShouldBe(status);
        status.ShouldStartWith(Host.Client.BaseAddress + "runtime/webhooks/durabletask/instances/" + payload.GetProperty("id").GetString());
        status.ShouldContain("?taskHub=");
        status.ShouldEndWith("&connection=Storage&code=" + WebUtility.UrlEncode(TestHost.SystemKey));

        await EndAsync(payload.GetProperty("id").GetString()!);
        var end = await Host.Client.GetFromJsonAsync<JsonElement>(status);

        end.EnumerateObject().Select(property => property.Name).ShouldBe(StatusKeys);
        end.GetProperty("runtimeStatus").GetString().ShouldBe("Completed");
        end.GetProperty("output").GetString().ShouldBe("Hello Ada");
        end.GetProperty("input").GetProperty("Name").GetString().ShouldBe("Ada");
        end.GetProperty("customStatus").GetProperty("Step").GetInt32().ShouldBe(1);
        end.GetProperty("createdTime").GetString()!.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$");
        end.GetProperty("historyEvents").ValueKind.ShouldBe(JsonValueKind.Null);
        var withoutInput = await Host.Client.GetFromJsonAsync<JsonElement>(status + "&showInput=false");
        withoutInput.GetProperty("input").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    [Conforms("POST orchestrators/{name}/{id}: 202, Location = statusQueryGetUri, Retry-After 10, eight links without rewind", Source.DurableExtension)]
    public async Task Start_ByApi_GivesLinksAndHeaders()
    {
        using var response = await PostAsync("orchestrators/hello/by-api-1", """{"name": "Bob"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(10));
        var payload = await response.Content.ReadFromJsonAsync<JsonElement>();
        payload.EnumerateObject().Select(property => property.Name).ShouldBe(StartKeys);
        payload.GetProperty("id").GetString().ShouldBe("by-api-1");
        response.Headers.Location!.OriginalString.ShouldBe(payload.GetProperty("statusQueryGetUri").GetString());
        payload.GetProperty("terminatePostUri").GetString()!.ShouldContain("/instances/by-api-1/terminate?reason={text}&taskHub=");
        payload.GetProperty("sendEventPostUri").GetString()!.ShouldContain("/raiseEvent/{eventName}?taskHub=");
        await EndAsync("by-api-1");
    }

    [Fact]
    [Conforms("With timeout and pollingInterval the start waits: 200 and the bare output when it completes in time", Source.DurableExtension)]
    public async Task Start_WithTimeout_WaitsForTheBareOutput()
    {
        using var response = await PostAsync("orchestrators/Hello?timeout=30&pollingInterval=1", """{"name": "Cy"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldBe("\"Hello Cy\"");
    }

    [Fact]
    [Conforms("When the timeout passes first the start answers with the links: 202", Source.DurableExtension)]
    public async Task Start_TimeoutPasses_GivesLinks()
    {
        using var response = await PostAsync("orchestrators/WaitForWord/slow?timeout=0.2&pollingInterval=0.1", "");

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString().ShouldBe("slow");
    }

    [Theory]
    [InlineData("orchestrators/Absent", "{}", 400, "Absent")]
    [InlineData("orchestrators/Greet", "{}", 400, "not an orchestrator")]
    [InlineData("orchestrators/Hello", "{", 400, "Invalid JSON")]
    [InlineData("orchestrators/Hello/@id", "{}", 400, "@")]
    [InlineData("orchestrators/Hello?timeout=1&pollingInterval=2", "{}", 400, "retry timeout")]
    [Conforms("Unknown function, bad JSON, bad id, pollingInterval above timeout: 400 with a message", Source.DurableExtension)]
    public async Task Start_WrongRequest_SaysWhy(string path, string body, int code, string reason)
    {
        using var response = await PostAsync(path, body);

        ((int)response.StatusCode).ShouldBe(code);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("Message").GetString()!.ShouldContain(reason);
    }

    [Fact]
    [Conforms("The id of a running instance: 409; of an ended one: it is replaced", Source.DurableExtension)]
    public async Task Start_IdOfRunningInstance_IsConflict_AndOfEndedOneStartsAnew()
    {
        await StartWaitingAsync("twice");
        using (var conflict = await PostAsync("orchestrators/WaitForWord/twice", ""))
        {
            conflict.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        }

        await RaiseAsync("twice");
        await EndAsync("twice");
        using var again = await PostAsync("orchestrators/WaitForWord/twice", "");
        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    [Conforms("Status of what runs: 202, Location = the request's URL, Retry-After 5; unknown: 404", Source.DurableExtension)]
    public async Task Status_Running_Is202WithLocation_AndUnknownIs404()
    {
        await StartWaitingAsync("running");

        using var response = await Host.SendAsync(HttpMethod.Get, $"{Base}/instances/running?code=x", TestHost.SystemKey);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        response.Headers.Location!.OriginalString.ShouldBe(Host.Client.BaseAddress + $"{Base[1..]}/instances/running?code=x");
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        (await CodeAsync(HttpMethod.Get, "instances/unknown")).ShouldBe(404);
    }

    [Fact]
    [Conforms("Status of what failed: 200, or 500 with returnInternalServerErrorOnFailure=true", Source.DurableExtension)]
    public async Task Status_Failed_Is200_Or500WhenAskedFor()
    {
        using var start = await PostAsync("orchestrators/Fail/failed", "");
        await EndAsync("failed");

        using var response = await Host.SendAsync(HttpMethod.Get, $"{Base}/instances/failed", TestHost.SystemKey);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var status = await response.Content.ReadFromJsonAsync<JsonElement>();
        status.GetProperty("runtimeStatus").GetString().ShouldBe("Failed");
        status.GetProperty("output").GetString()!.ShouldContain("cause");
        (await CodeAsync(HttpMethod.Get, "instances/failed?returnInternalServerErrorOnFailure=true")).ShouldBe(500);
    }

    [Fact]
    [Conforms("showHistory folds requests into completions (ScheduledTime, FunctionName) and drops the engine's marks and ids; Result only with showHistoryOutput, Input only with showInput", Source.DurableExtension)]
    public async Task Status_WithHistory_FoldsRequestsIntoCompletions()
    {
        using var start = await PostAsync("orchestrators/Hello/history", """{"name": "Di"}""");
        await EndAsync("history");

        var plain = (await JsonAsync("instances/history?showHistory=true")).GetProperty("historyEvents");
        plain.EnumerateArray().Select(happened => happened.GetProperty("EventType").GetString()).ShouldBe(["ExecutionStarted", "TaskCompleted", "ExecutionCompleted"]);
        plain[0].GetProperty("FunctionName").GetString().ShouldBe("Hello");
        plain[1].GetProperty("FunctionName").GetString().ShouldBe("Greet");
        plain[1].GetProperty("ScheduledTime").GetDateTime().ShouldBeLessThanOrEqualTo(plain[1].GetProperty("Timestamp").GetDateTime());
        plain[1].TryGetProperty("Result", out _).ShouldBeFalse();
        plain[1].TryGetProperty("EventId", out _).ShouldBeFalse();
        plain[2].GetProperty("OrchestrationStatus").GetString().ShouldBe("Completed");

        var full = (await JsonAsync("instances/history?showHistory=true&showHistoryOutput=true&showInput=false")).GetProperty("historyEvents");
        full[1].GetProperty("Result").GetString().ShouldBe("Hello Di");
        full[0].TryGetProperty("Input", out _).ShouldBeFalse();
    }

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

    [Fact]
    [Conforms("DELETE instances: 400 without createdTimeFrom, 404 when nothing matches", Source.DurableExtension)]
    public async Task Purge_ByFilter_NeedsTimeAndMatches()
    {
        (await CodeAsync(HttpMethod.Delete, "instances")).ShouldBe(400);
        (await CodeAsync(HttpMethod.Delete, "instances?createdTimeFrom=2100-01-01")).ShouldBe(404);
        (await CodeAsync(HttpMethod.Delete, "instances?createdTimeFrom=2020-01-01&createdTimeTo=2020-01-02T00:00:00Z&runtimeStatus=Completed")).ShouldBe(404);
    }

    [Fact]
    [Conforms("GET instances filters by prefix, states (repeated or by comma) and creation time; top and x-ms-continuation-token page", Source.DurableExtension)]
    public async Task List_FiltersAndPages()
    {
        foreach (var id in new[] { "list-1", "list-2", "list-3" })
        {
            await StartWaitingAsync(id);
        }

        await RaiseAsync("list-3");
        await EndAsync("list-3");
        (await IdsAsync("instances?instanceIdPrefix=list-")).ShouldBe(["list-1", "list-2", "list-3"], ignoreOrder: true);
        (await IdsAsync("instances?instanceIdPrefix=list-&runtimeStatus=Running,Failed&runtimeStatus=Pending")).ShouldBe(["list-1", "list-2"], ignoreOrder: true);
        (await IdsAsync("instances?instanceIdPrefix=list-&createdTimeFrom=2100-01-01")).ShouldBeEmpty();

        using var page = await Host.SendAsync(HttpMethod.Get, $"{Base}/instances?instanceIdPrefix=list-&top=2", TestHost.SystemKey);
        var token = page.Headers.GetValues("x-ms-continuation-token").Single();
        token.ShouldNotBeEmpty();
        using var next = new HttpRequestMessage(HttpMethod.Get, $"{Base}/instances?instanceIdPrefix=list-&top=2");
        next.Headers.Add("x-functions-key", TestHost.SystemKey);
        next.Headers.Add("x-ms-continuation-token", token);
        using var rest = await Host.Client.SendAsync(next);
        (await page.Content.ReadFromJsonAsync<JsonElement>()).GetArrayLength().ShouldBe(2);
        (await rest.Content.ReadFromJsonAsync<JsonElement>()).GetArrayLength().ShouldBe(1);
    }

    [Fact]
    [Conforms("showHistory of what runs: completed and failed tasks, sub-orchestrations and timers are shown, their requests folded in", Source.DurableExtension)]
    public async Task Status_HistoryOfEverything_ShowsEachKindOnce()
    {
        using var start = await PostAsync("orchestrators/Everything/everything", "");
        await UntilAsync("everything", status => status.SerializedCustomStatus is not null);

        var history = (await JsonAsync("instances/everything?showHistory=true&showHistoryOutput=true")).GetProperty("historyEvents").EnumerateArray().ToList();

        history.Select(happened => happened.GetProperty("EventType").GetString()).ShouldBe(
            ["ExecutionStarted", "TaskCompleted", "TimerCreated", "TimerFired", "SubOrchestrationInstanceCompleted", "TaskFailed"]);
        history[4].GetProperty("FunctionName").GetString().ShouldBe("Hello");
        history[4].GetProperty("Result").GetString().ShouldBe("Hello Bob");
        history[5].GetProperty("FunctionName").GetString().ShouldBe("Throw");
        history[5].GetProperty("Reason").GetString().ShouldBe("cause");
        history[3].GetProperty("FireAt").GetDateTime().ShouldBeGreaterThan(DateTime.UnixEpoch);
        string[] dropped = ["EventId", "IsPlayed", "TaskScheduledId", "TimerId", "Version", "Tags", "OrchestrationInstance", "ParentInstance"];
        history.SelectMany(happened => happened.EnumerateObject()).Select(property => property.Name).Intersect(dropped, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    [Conforms("A TaskScheduled without its completion stays visible in the history", Source.DurableExtension)]
    public async Task Status_ActivityStillRuns_ShowsItsRequest()
    {
        using var start = await PostAsync("orchestrators/CallHold/held", "");
        await UntilAsync("held", OrchestrationRuntimeStatus.Running);
        JsonElement history;
        do
        {
            history = (await JsonAsync("instances/held?showHistory=true")).GetProperty("historyEvents");
        }
        while (history.GetArrayLength() < 2);

        history[1].GetProperty("EventType").GetString().ShouldBe("TaskScheduled");
        history[1].GetProperty("FunctionName").GetString().ShouldBe("Hold");
        (await CodeAsync(HttpMethod.Post, "instances/held/terminate")).ShouldBe(202);
    }

    [Theory]
    [InlineData("timeout=30")]
    [InlineData("pollingInterval=1")]
    [InlineData("timeout=soon&pollingInterval=1")]
    [Conforms("Without both timeout and pollingInterval a start does not wait", Source.DurableExtension)]
    public async Task Start_WaitNotWholeSaid_DoesNotWait(string query)
    {
        using var response = await PostAsync($"orchestrators/Hello?{query}", """{"name": "x"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    [Conforms("An instance that fails while a start waits for it is answered by its status: 200", Source.DurableExtension)]
    public async Task Start_FailsWhileWaitedFor_GivesItsStatus()
    {
        using var response = await PostAsync("orchestrators/Fail?timeout=60&pollingInterval=1", "");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("runtimeStatus").GetString().ShouldBe("Failed");
    }

    [Fact]
    [Conforms("Suspended instances are answered with 202 like running ones", Source.DurableExtension)]
    public async Task Status_Suspended_Is202()
    {
        await StartWaitingAsync("suspended");
        (await CodeAsync(HttpMethod.Post, "instances/suspended/suspend")).ShouldBe(202);
        await UntilAsync("suspended", OrchestrationRuntimeStatus.Suspended);

        (await CodeAsync(HttpMethod.Get, "instances/suspended")).ShouldBe(202);
        (await JsonAsync("instances/suspended")).GetProperty("runtimeStatus").GetString().ShouldBe("Suspended");
    }

    [Theory]
    [InlineData("showInput=false", JsonValueKind.Null)]
    [InlineData("showInput=true", JsonValueKind.Object)]
    [InlineData("showInput=perhaps", JsonValueKind.Object)]
    [Conforms("GET instances shows inputs unless showInput=false; what cannot be parsed counts as absent", Source.DurableExtension)]
    public async Task List_ShowInput_DecidesOnInputs(string query, JsonValueKind expected)
    {
        var id = $"inputs-{Guid.NewGuid():N}";
        using var start = await PostAsync($"orchestrators/Hello/{id}?timeout=60&pollingInterval=1", """{"name": "x"}""");

        (await JsonAsync($"instances?instanceIdPrefix={id}&{query}"))[0].GetProperty("input").ValueKind.ShouldBe(expected);
    }

    [Fact]
    [Conforms("DELETE instances deletes by time and state and says how many: 200 {instancesDeleted}", Source.DurableExtension)]
    public async Task Purge_ByFilter_DeletesWhatMatches()
    {
        await using var host = await TestHost.StartAsync(
            new TestHostSetup(fixture.ConnectionString, typeof(WorkflowFunctions)) { Hub = Guid.NewGuid().ToString("N") });
        foreach (var path in new[] { "Hello/one?timeout=60&pollingInterval=1", "Hello/two?timeout=60&pollingInterval=1", "Fail/three?timeout=60&pollingInterval=1", "WaitForWord/four" })
        {
            using var content = new StringContent("""{"name": "x"}""", Encoding.UTF8, "application/json");
            (await host.CodeAsync(HttpMethod.Post, $"{Base}/orchestrators/{path}", TestHost.SystemKey, content)).ShouldBeLessThan(300);
        }

        var purged = await host.JsonAsync(HttpMethod.Delete, $"{Base}/instances?createdTimeFrom=2020-01-01&runtimeStatus=Completed", TestHost.SystemKey);

        purged.GetRawText().ShouldBe("""{"instancesDeleted":2}""");
        var left = await host.JsonAsync(HttpMethod.Get, $"{Base}/instances", TestHost.SystemKey);
        left.EnumerateArray().Select(item => item.GetProperty("instanceId").GetString()).ShouldBe(["three", "four"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("GET", "instances", 400)]
    [InlineData("POST", "instances/x/terminate", 400)]
    [InlineData("POST", "orchestrators/Hello", 400)]
    [Conforms("A request for another task hub is refused, never answered by this one's instances", Source.Own)]
    public async Task TaskHub_NotThisOne_IsRefused(string verb, string path, int expected)
    {
        (await CodeAsync(new HttpMethod(verb), path + "?taskHub=Another")).ShouldBe(expected);
        (await JsonAsync("instances?taskHub=Another")).GetProperty("Message").GetString()!.ShouldContain("'Another'");
    }

    [Fact]
    [Conforms("taskHub names this host's hub in any case", Source.DurableExtension)]
    public async Task TaskHub_OwnInOtherCase_IsTaken() =>
        (await CodeAsync(HttpMethod.Get, $"instances?taskHub={fixture.Hub.ToUpperInvariant()}")).ShouldBe(200);

    [Fact]
    [Conforms("A body above the server's limit: 413", Source.FunctionsHost)]
    public async Task Start_BodyTooLarge_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Base}/orchestrators/Hello") { Content = new ByteArrayContent(new byte[31_000_000]) };
        request.Headers.Add("x-functions-key", TestHost.SystemKey);
        request.Headers.ExpectContinue = true;

        using var response = await Host.Client.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(413);
    }

    [Theory]
    [InlineData("GET", "orchestrators/Hello", 404)]
    [InlineData("PUT", "instances", 404)]
    [InlineData("POST", "instances/x", 404)]
    [InlineData("GET", "instances/x/terminate", 404)]
    [InlineData("POST", "instances/x/explode", 404)]
    [InlineData("GET", "instances/x/raiseEvent/word", 404)]
    [InlineData("GET", "nothing", 404)]
    [InlineData("GET", "", 404)]
    [InlineData("GET", "entities/counter/one", 404)]
    [InlineData("GET", "entities", 200)]
    [InlineData("GET", "entities/counter", 200)]
    [InlineData("GET", "ENTITIES/counter/$", 404)]
    [InlineData("PUT", "entities/counter/one", 404)]
    [InlineData("POST", "entities", 404)]
    [InlineData("DELETE", "entities/counter/one", 501)]
    [InlineData("POST", "entities/counter?op=add", 501)]
    [InlineData("GET", "makeprimary", 200)]
    [InlineData("DELETE", "orchestrators/Hello", 404)]
    [InlineData("POST", "orchestrators", 404)]
    [InlineData("POST", "instances/x/raiseEvent", 404)]
    [InlineData("OPTIONS", "instances", 404)]
    [InlineData("GET", "instances/", 200)]
    [InlineData("POST", "entities/counter/one?op=add", 501)]
    [InlineData("POST", "makeprimary", 200)]
    [Conforms("Other verbs and paths: 404; entities: none to list or read, 501 to signal; makeprimary: 200", Source.DurableExtension)]
    public async Task Route_OtherVerbsAndPaths_GiveExpectedCode(string verb, string path, int expected) =>
        (await CodeAsync(new HttpMethod(verb), path)).ShouldBe(expected);

    private async Task StartWaitingAsync(string id)
    {
        using var response = await PostAsync($"orchestrators/WaitForWord/{id}", "");
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await UntilAsync(id, OrchestrationRuntimeStatus.Running);
    }

    private async Task RaiseAsync(string id) => (await EventCodeAsync(id, "word", "application/json", "\"go\"")).ShouldBe(202);

    private async Task EndAsync(string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Host.Services.GetRequiredService<DurableTaskClient>().WaitForInstanceCompletionAsync(id, limit.Token);
    }

    private Task UntilAsync(string id, OrchestrationRuntimeStatus status) => UntilAsync(id, instance => instance.RuntimeStatus == status);

    private async Task UntilAsync(string id, Func<OrchestrationMetadata, bool> isReached)
    {
        var client = Host.Services.GetRequiredService<DurableTaskClient>();
        for (var attempt = 0; attempt < 1200; attempt++)
        {
            if (await client.GetInstancesAsync(id, getInputsAndOutputs: true) is { } instance && isReached(instance))
            {
                return;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"{id} did not become what the test waits for");
    }

    private async Task<string[]> IdsAsync(string path) =>
        [.. (await JsonAsync(path)).EnumerateArray().Select(item => item.GetProperty("instanceId").GetString()!)];

    private Task<JsonElement> JsonAsync(string path) => Host.JsonAsync(HttpMethod.Get, $"{Base}/{path}", TestHost.SystemKey);

    private async Task<int> CodeAsync(HttpMethod method, string path)
    {
        using var response = await Host.SendAsync(method, $"{Base}/{path}", TestHost.SystemKey);
        return (int)response.StatusCode;
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        Host.SendAsync(HttpMethod.Post, $"{Base}/{path}", TestHost.SystemKey, new StringContent(body, Encoding.UTF8, "application/json"));

    private async Task<int> EventCodeAsync(string id, string name, string type, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await Host.SendAsync(HttpMethod.Post, $"{Base}/instances/{id}/raiseEvent/{name}", TestHost.SystemKey, content);
        return (int)response.StatusCode;
    }
}
