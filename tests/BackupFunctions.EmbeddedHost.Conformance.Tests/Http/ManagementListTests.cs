using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

public sealed class ManagementListTests(HttpHostFixture fixture) : ManagementTest(fixture)
{
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
            new TestHostSetup(Fixture.ConnectionString, typeof(WorkflowFunctions)) { Hub = Guid.NewGuid().ToString("N") });
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
        (await CodeAsync(HttpMethod.Get, $"instances?taskHub={Fixture.Hub.ToUpperInvariant()}")).ShouldBe(200);

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

    [Theory]
    [InlineData("")]
    [InlineData("&top=0")]
    [InlineData("&top=many")]
    [Conforms("GET instances gives 100 at a time unless top says otherwise; the last page has an empty token", Source.DurableExtension)]
    public async Task List_WithoutTop_GivesAHundred(string top)
    {
        var prefix = $"hundred-{Guid.NewGuid():N}-";
        foreach (var number in Enumerable.Range(0, 101))
        {
            await Client.ScheduleNewOrchestrationInstanceAsync(
                "Hello", new StartOrchestrationOptions($"{prefix}{number}", DateTimeOffset.MaxValue.AddYears(-1000)));
        }

        using var page = await Host.SendAsync(HttpMethod.Get, $"{Base}/instances?instanceIdPrefix={prefix}{top}", TestHost.SystemKey);
        using var next = new HttpRequestMessage(HttpMethod.Get, $"{Base}/instances?instanceIdPrefix={prefix}{top}");
        next.Headers.Add("x-functions-key", TestHost.SystemKey);
        next.Headers.Add("x-ms-continuation-token", page.Headers.GetValues("x-ms-continuation-token").Single());
        using var rest = await Host.Client.SendAsync(next);

        (await page.Content.ReadFromJsonAsync<JsonElement>()).GetArrayLength().ShouldBe(100);
        (await rest.Content.ReadFromJsonAsync<JsonElement>()).GetArrayLength().ShouldBe(1);
        rest.Headers.GetValues("x-ms-continuation-token").Single().ShouldBeEmpty();
    }
}
