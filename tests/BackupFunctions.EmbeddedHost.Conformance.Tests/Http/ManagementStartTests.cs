using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

public sealed class ManagementStartTests(HttpHostFixture fixture) : ManagementTest(fixture)
{
    private static readonly string[] StartKeys =
    [
        "id", "statusQueryGetUri", "sendEventPostUri", "terminatePostUri", "purgeHistoryDeleteUri", "restartPostUri", "suspendPostUri", "resumePostUri",
    ];

    private static readonly string[] StatusKeys =
    [
        "name", "instanceId", "runtimeStatus", "input", "customStatus", "output", "createdTime", "lastUpdatedTime", "historyEvents",
    ];

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
    [InlineData("a%5Cb", 400)]
    [InlineData("a%23b", 400)]
    [InlineData("a%3Fb", 400)]
    [InlineData("a%01b", 400)]
    [InlineData("%40a", 400)]
    [InlineData("a/b", 404)]
    [InlineData("a.b_c-d:e", 202)]
    [Conforms("Instance ids do not begin with @, hold no / \\ # ? or control characters", Source.DurableExtension)]
    public async Task Start_InstanceId_FollowsTheRules(string id, int expected)
    {
        using var response = await PostAsync($"orchestrators/Hello/{id}", """{"name": "x"}""");

        ((int)response.StatusCode).ShouldBe(expected);
    }

    [Theory]
    [InlineData(256, 202)]
    [InlineData(257, 400)]
    [Conforms("Instance ids have at most 256 characters", Source.DurableExtension)]
    public async Task Start_LongInstanceId_IsRefusedAboveTheLimit(int length, int expected)
    {
        using var response = await PostAsync($"orchestrators/Hello/{new string('i', length)}", """{"name": "x"}""");

        ((int)response.StatusCode).ShouldBe(expected);
    }

    [Fact]
    [Conforms("Without an instance id a new GUID without hyphens is taken", Source.DurableExtension)]
    public async Task Start_WithoutInstanceId_TakesAGuid()
    {
        using var response = await PostAsync("orchestrators/Hello", """{"name": "x"}""");

        var id = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        Guid.TryParseExact(id, "N", out _).ShouldBeTrue(id);
    }

    [Theory]
    [InlineData("", JsonValueKind.Null)]
    [InlineData("null", JsonValueKind.Null)]
    [InlineData("5", JsonValueKind.Number)]
    [InlineData("\"text\"", JsonValueKind.String)]
    [InlineData("[1, 2]", JsonValueKind.Array)]
    [Conforms("The body of a start is its input, any JSON; it comes back as JSON", Source.DurableExtension)]
    public async Task Start_Body_IsTheInput(string body, JsonValueKind expected)
    {
        using var response = await PostAsync("orchestrators/WaitForWord", body);
        var id = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();

        (await JsonAsync($"instances/{id}")).GetProperty("input").ValueKind.ShouldBe(expected);
    }
}
