using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

/// <summary>A host that made its own keys.</summary>
public sealed class KeyRotationTests(StateDatabaseFixture database) : IClassFixture<StateDatabaseFixture>
{
    private const string Instances = "/runtime/webhooks/durabletask/instances";

    [Theory]
    [InlineData("/admin/host/keys/_master", "masterKey", "/admin/host/status")]
    [InlineData("/admin/host/functionkeys/default", "functionKey", "/api/items")]
    [InlineData("/admin/host/systemkeys/durabletask_extension", "systemKey", Instances)]
    [Conforms("POST to an existing key makes a new value (200); the old one opens nothing from then on", Source.FunctionsHost)]
    public async Task Post_ExistingKey_ReplacesIt(string key, string initial, string opened)
    {
        await using var host = await StartAsync();
        var keys = Initial(host);

        using var response = await host.SendAsync(HttpMethod.Post, key, keys["masterKey"]);

        ((int)response.StatusCode).ShouldBe(200);
        var renewed = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("value").GetString()!;
        (await host.CodeAsync(HttpMethod.Get, opened, keys[initial])).ShouldBe(401);
        (await host.CodeAsync(HttpMethod.Get, opened, renewed)).ShouldBe(200);
    }

    [Theory]
    [InlineData("/admin/host/functionkeys/default", 200)]
    [InlineData("/admin/host/functionkeys/other", 201)]
    [InlineData("/admin/functions/ListItems/keys/caller", 201)]
    [Conforms("PUT sets a given value: 201 for a new name, 200 for a known one", Source.FunctionsHost)]
    public async Task Put_Value_SetsIt(string key, int expected)
    {
        await using var host = await StartAsync();
        using var content = new StringContent("""{"name": "x", "value": "a-value-chosen-by-hand"}""", Encoding.UTF8, "application/json");

        (await host.CodeAsync(HttpMethod.Put, key, Initial(host)["masterKey"], content)).ShouldBe(expected);

        (await host.CodeAsync(HttpMethod.Get, "/api/items", "a-value-chosen-by-hand")).ShouldBe(200);
    }

    [Fact]
    [Conforms("A system key of another name does not open the durable management API", Source.FunctionsHost)]
    public async Task SystemKey_OfOtherName_DoesNotOpenTheManagementApi()
    {
        await using var host = await StartAsync();
        var other = await host.JsonAsync(HttpMethod.Post, "/admin/host/systemkeys/eventgrid_extension", Initial(host)["masterKey"]);

        (await host.CodeAsync(HttpMethod.Get, Instances, other.GetProperty("value").GetString())).ShouldBe(403);
    }

    [Fact]
    [Conforms("Lists of keys give names without values: the store holds hashes", Source.Own)]
    public async Task List_Keys_GivesNamesOnly()
    {
        await using var host = await StartAsync();
        var master = Initial(host)["masterKey"];

        (await host.JsonAsync(HttpMethod.Get, "/admin/host/keys", master)).GetRawText().ShouldBe("""{"keys":[{"name":"default","value":null}]}""");
        (await host.JsonAsync(HttpMethod.Get, "/admin/host/systemkeys", master)).GetRawText()
            .ShouldBe("""{"keys":[{"name":"durabletask_extension","value":null}]}""");
        (await host.JsonAsync(HttpMethod.Get, "/admin/functions/ListItems/keys", master)).GetRawText().ShouldBe("""{"keys":[]}""");
    }

    [Fact]
    [Conforms("A new system key stands in links from then on", Source.DurableExtension)]
    public async Task SystemKey_Renewed_StandsInNewLinks()
    {
        await using var host = await StartAsync();
        var keys = Initial(host);
        var renewed = await host.JsonAsync(HttpMethod.Post, "/admin/host/systemkeys/durabletask_extension", keys["masterKey"]);

        var links = await host.JsonAsync(HttpMethod.Post, "/api/hello/Ada", keys["functionKey"]);

        links.GetProperty("statusQueryGetUri").GetString()!.ShouldEndWith("&code=" + System.Net.WebUtility.UrlEncode(renewed.GetProperty("value").GetString()));
    }

    private static Dictionary<string, string> Initial(TestHost host) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(host.Folder, "data", "initial-keys.json")))!;

    private Task<TestHost> StartAsync() => TestHost.StartAsync(
        new TestHostSetup(database.ConnectionString, typeof(HttpFunctions), typeof(WorkflowFunctions)) { GivesKeys = false });
}
