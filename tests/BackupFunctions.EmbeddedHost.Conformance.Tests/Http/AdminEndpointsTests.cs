using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

public class AdminEndpointsTests(HttpHostFixture fixture) : IClassFixture<HttpHostFixture>
{
    private TestHost Host => fixture.Host;

    [Fact]
    [Conforms("GET admin/functions lists every function with trigger, schedule, invocation URL and whether it is disabled", Source.FunctionsHost)]
    public async Task List_Functions_NamesTriggersAndWhatIsDisabled()
    {
        var list = await Host.JsonAsync(HttpMethod.Get, "/admin/functions", TestHost.MasterKey);

        var byName = list.EnumerateArray().ToDictionary(function => function.GetProperty("name").GetString()!, StringComparer.Ordinal);
        byName["Echo"].GetProperty("invoke_url_template").GetString().ShouldEndWith("/api/echo/{name}/{number:int?}");
        byName["Nightly"].GetProperty("config").GetProperty("bindings")[0].GetProperty("schedule").GetString().ShouldBe("0 0 2 * * *");
        byName["RuntimeRoute"].GetProperty("isDisabled").GetBoolean().ShouldBeTrue();
        byName["Greet"].GetProperty("isDisabled").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("Nightly", """{"input": ""}""", 202)]
    [InlineData("Nightly", "", 202)]
    [InlineData("nightly", "{}", 202)]
    [InlineData("Greet", """{"input": "{\"name\": \"x\"}"}""", 202)]
    [InlineData("Nightly", "{", 400)]
    [InlineData("Echo", "{}", 400)]
    [InlineData("Hello", "{}", 400)]
    [InlineData("Absent", "{}", 404)]
    [InlineData("RuntimeRoute", "{}", 404)]
    [Conforms("POST admin/functions/{name} {\"input\": \"...\"} starts timers and activities: 202; HTTP functions and orchestrators 400, unknown and disabled 404", Source.FunctionsHost)]
    public async Task Run_ByHand_GivesExpectedCode(string function, string body, int expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Host.SendAsync(HttpMethod.Post, $"/admin/functions/{function}", TestHost.MasterKey, content);

        ((int)response.StatusCode).ShouldBe(expected);
    }

    [Fact]
    [Conforms("GET admin/host/status gives state, version and uptime", Source.FunctionsHost)]
    public async Task Status_Host_IsRunning()
    {
        var status = await Host.JsonAsync(HttpMethod.Get, "/admin/host/status", TestHost.MasterKey);

        status.GetProperty("state").GetString().ShouldBe("Running");
        status.GetProperty("processUptime").GetInt64().ShouldBeGreaterThan(0);
        status.GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("/admin/host/functionkeys", "/api/items", "/api/items")]
    [InlineData("/admin/host/keys", "/api/items", "/api/items")]
    [InlineData("/admin/functions/ListItems/keys", "/api/items", null)]
    [Conforms("POST makes a key (201), GET lists it, DELETE removes it (204, then 404); its scope is the host's functions or one function", Source.FunctionsHost)]
    public async Task Keys_GenerateListDelete_WorkAsTheFunctionsHostDoes(string scope, string opened, string? alsoOpened)
    {
        var name = Guid.NewGuid().ToString("N");
        using var created = await Host.SendAsync(HttpMethod.Post, $"{scope}/{name}", TestHost.MasterKey);
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        var key = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("value").GetString()!;

        (await Host.SendAsync(HttpMethod.Get, opened, key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Host.SendAsync(HttpMethod.Post, "/api/items", key, JsonContent.Create(new { a = "b" }))).StatusCode
            .ShouldBe(alsoOpened is null ? HttpStatusCode.Unauthorized : HttpStatusCode.Created);
        var list = await Host.JsonAsync(HttpMethod.Get, scope, TestHost.MasterKey);
        var entry = list.GetProperty("keys").EnumerateArray().Single(item => string.Equals(item.GetProperty("name").GetString(), name, StringComparison.Ordinal));
        entry.GetProperty("value").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Host.SendAsync(HttpMethod.Get, $"{scope}/{name}", TestHost.MasterKey)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await Host.SendAsync(HttpMethod.Delete, $"{scope}/{name}", TestHost.MasterKey)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Host.SendAsync(HttpMethod.Delete, $"{scope}/{name}", TestHost.MasterKey)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Host.SendAsync(HttpMethod.Get, $"{scope}/{name}", TestHost.MasterKey)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Host.SendAsync(HttpMethod.Get, opened, key)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("PUT", "/admin/host/functionkeys/put", """{"value": "a-value-chosen-by-hand"}""", 201)]
    [InlineData("PUT", "/admin/host/functionkeys/put2", """{"value": "short"}""", 400)]
    [InlineData("PUT", "/admin/host/functionkeys/put3", "{}", 400)]
    [InlineData("POST", "/admin/functions/Absent/keys/x", "", 404)]
    [InlineData("GET", "/admin/functions/Absent/keys", "", 404)]
    [InlineData("POST", "/admin/host/functionkeys/default", "", 409)]
    [InlineData("POST", "/admin/host/systemkeys/durabletask_extension", "", 409)]
    [InlineData("POST", "/admin/host/systemkeys/_master", "", 409)]
    [InlineData("DELETE", "/admin/host/systemkeys/_master", "", 400)]
    [InlineData("DELETE", "/admin/host/systemkeys/durabletask_extension", "", 400)]
    [InlineData("GET", "/admin/host/systemkeys/_master", "", 200)]
    [Conforms("PUT sets a value (201), bad values 400, unknown functions 404, keys given by settings 409, _master and the durable key cannot be deleted (400)", Source.FunctionsHost)]
    public async Task Keys_SpecialCases_GiveExpectedCode(string verb, string path, string body, int expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Host.SendAsync(new HttpMethod(verb), path, TestHost.MasterKey, verb is "GET" ? null : content);

        ((int)response.StatusCode).ShouldBe(expected, await response.Content.ReadAsStringAsync());
    }
}
