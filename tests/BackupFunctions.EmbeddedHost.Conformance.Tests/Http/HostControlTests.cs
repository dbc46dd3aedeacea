using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

public class HostControlTests(HttpHostFixture fixture) : IClassFixture<HttpHostFixture>
{
    private TestHost Host => fixture.Host;

    [Theory]
    [InlineData("GET", "ping", "", 200)]
    [InlineData("POST", "ping", "", 200)]
    [InlineData("POST", "resume", "", 200)]
    [InlineData("POST", "synctriggers", "", 200)]
    [InlineData("PUT", "state", "\"running\"", 200)]
    [InlineData("PUT", "state", "\"Running\"", 200)]
    [InlineData("PUT", "state", "\"stopped\"", 400)]
    [InlineData("PUT", "state", "running", 400)]
    [InlineData("PUT", "state", "", 400)]
    [InlineData("PUT", "state", "\"offline\"", 501)]
    [InlineData("POST", "drain", "", 501)]
    [InlineData("POST", "restart", "", 501)]
    [InlineData("POST", "scale/status", "", 501)]
    [InlineData("POST", "debug", "", 501)]
    [InlineData("GET", "drain", "", 404)]
    [InlineData("POST", "status", "", 404)]
    [InlineData("GET", "nothing", "", 404)]
    [Conforms("admin/host: ping, resume, synctriggers, state answer as in the Functions host; what one machine cannot offer is 501, the rest 404", Source.FunctionsHost)]
    public async Task Host_Control_GivesExpectedCode(string verb, string path, string body, int expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Host.SendAsync(new HttpMethod(verb), $"/admin/host/{path}", TestHost.MasterKey, verb is "GET" ? null : content);

        ((int)response.StatusCode).ShouldBe(expected);
        if (expected == 501)
        {
            (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetString()!.ShouldEndWith(".");
        }
    }

    [Theory]
    [InlineData("GET", "config")]
    [InlineData("GET", "drain/status")]
    [InlineData("POST", "drain")]
    [InlineData("POST", "resume")]
    [InlineData("POST", "restart")]
    [InlineData("POST", "synctriggers")]
    [InlineData("PUT", "state")]
    [Conforms("Everything below admin/host but ping needs the master key", Source.FunctionsHost)]
    public async Task Host_Control_NeedsTheMasterKey(string verb, string path)
    {
        (await Host.CodeAsync(new HttpMethod(verb), $"/admin/host/{path}")).ShouldBe(401);
        (await Host.CodeAsync(new HttpMethod(verb), $"/admin/host/{path}", TestHost.SystemKey)).ShouldBe(403);
    }

    [Fact]
    [Conforms("GET admin/host/config shows what of host.json is in force", Source.FunctionsHost)]
    public async Task Config_OfHost_IsWhatIsInForce()
    {
        var extensions = (await Host.JsonAsync(HttpMethod.Get, "/admin/host/config", TestHost.MasterKey)).GetProperty("extensions");

        extensions.GetProperty("http").GetProperty("routePrefix").GetString().ShouldBe("api");
        extensions.GetProperty("durableTask").GetProperty("hubName").GetString()!.Length.ShouldBe(32);
        extensions.GetProperty("durableTask").GetProperty("maxConcurrentActivityFunctions").GetInt32().ShouldBeGreaterThan(0);
        extensions.GetProperty("durableTask").GetProperty("overridableExistingInstanceStates").GetString().ShouldBe("NonRunningStates");
    }

    [Fact]
    [Conforms("GET admin/host/drain/status counts what runs; a host that answers is not in drain mode", Source.FunctionsHost)]
    public async Task DrainStatus_OfHost_IsDisabledAndCounts()
    {
        var status = await Host.JsonAsync(HttpMethod.Get, "/admin/host/drain/status", TestHost.MasterKey);

        status.GetProperty("state").GetString().ShouldBe("Disabled");
        status.GetProperty("outstandingInvocations").GetInt32().ShouldBeGreaterThanOrEqualTo(0);
        status.GetProperty("outstandingRetries").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("GET", "/admin/functions/Nightly", 200)]
    [InlineData("GET", "/admin/functions/nightly", 200)]
    [InlineData("GET", "/admin/functions/Absent", 404)]
    [InlineData("GET", "/admin/functions/Absent/status", 404)]
    [InlineData("POST", "/admin/functions", 200)]
    [InlineData("DELETE", "/admin/functions/Nightly", 404)]
    [InlineData("PUT", "/admin/functions/Nightly", 404)]
    [Conforms("admin/functions and admin/functions/{name}: read in any case, unknown 404; functions are not made or removed at run time", Source.FunctionsHost)]
    public async Task Functions_Read_GiveExpectedCode(string verb, string path, int expected) =>
        (await Host.CodeAsync(new HttpMethod(verb), path, TestHost.MasterKey)).ShouldBe(expected);

    [Theory]
    [InlineData("Nightly", false)]
    [InlineData("RuntimeRoute", true)]
    [Conforms("GET admin/functions/{name}/status says whether the function is disabled", Source.FunctionsHost)]
    public async Task FunctionStatus_SaysWhetherItIsDisabled(string function, bool expected) =>
        (await Host.JsonAsync(HttpMethod.Get, $"/admin/functions/{function}/status", TestHost.MasterKey)).GetProperty("isDisabled").GetBoolean().ShouldBe(expected);
}
