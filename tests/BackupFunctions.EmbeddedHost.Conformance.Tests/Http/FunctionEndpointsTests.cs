using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

public class FunctionEndpointsTests(HttpHostFixture fixture) : IClassFixture<HttpHostFixture>
{
    private TestHost Host => fixture.Host;

    [Fact]
    [Conforms("Route parameters, FunctionContext, CancellationToken and services are bound; an instance for each call, disposed after it", Source.DotnetWorker)]
    public async Task Call_RouteParametersAndServices_AreBound()
    {
        var before = HttpFunctions.Disposed;

        var body = await Host.JsonAsync(HttpMethod.Get, "/api/echo/a%20b/7");

        body.GetProperty("userName").GetString().ShouldBe("a b");
        body.GetProperty("number").GetString().ShouldBe("7");
        body.GetProperty("function").GetString().ShouldBe("Echo");
        foreach (var flag in new[] { "same", "cancelable", "logs" })
        {
            body.GetProperty(flag).GetBoolean().ShouldBeTrue(flag);
        }

        HttpFunctions.Disposed.ShouldBe(before + 1);
    }

    [Fact]
    [Conforms("An optional route parameter that is left out is null", Source.FunctionsHost)]
    public async Task Call_OptionalRouteParameterLeftOut_IsNull() =>
        (await Host.JsonAsync(HttpMethod.Get, "/api/echo/x")).GetProperty("number").ValueKind.ShouldBe(JsonValueKind.Null);

    [Fact]
    [Conforms("Functions may share a route with different verbs", Source.FunctionsHost)]
    public async Task Call_SameRouteOtherVerb_ReachesItsFunction()
    {
        (await Host.JsonAsync(HttpMethod.Get, "/api/items", TestHost.FunctionKey))[0].GetString().ShouldBe("GET");
        using var added = await Host.SendAsync(HttpMethod.Post, "/api/items", TestHost.FunctionKey, JsonContent.Create(new { Name = "n" }));

        added.StatusCode.ShouldBe(HttpStatusCode.Created);
        added.Headers.Location!.ToString().ShouldBe("/items/1");
        (await added.Content.ReadAsStringAsync()).ShouldBe("""{"name":"n"}""");
    }

    [Theory]
    [InlineData("PUT", "/api/items")]
    [InlineData("GET", "/api/absent")]
    [InlineData("GET", "/items")]
    [InlineData("GET", "/api/echo/x/notanumber")]
    [InlineData("GET", "/api/Greet")]
    [InlineData("GET", "/api/runtime/webhooks")]
    [InlineData("DELETE", "/admin/host/ping")]
    [Conforms("Wrong verb, wrong path, missing prefix, failed constraint, disabled function: 404, never 405", Source.FunctionsHost)]
    public async Task Call_WrongVerbPathOrDisabled_IsNotFound(string verb, string path)
    {
        using var response = await Host.SendAsync(new HttpMethod(verb), path, TestHost.MasterKey);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [Conforms("A trigger without methods answers every verb", Source.FunctionsHost)]
    public async Task Call_FunctionWithoutMethods_AnswersEveryVerb(string verb)
    {
        using var response = await Host.SendAsync(new HttpMethod(verb), "/api/anyverb");

        (await response.Content.ReadAsStringAsync()).ShouldBe(verb);
    }

    [Fact]
    [Conforms("A function that throws: 500 without its words", Source.FunctionsHost)]
    public async Task Call_FunctionThrows_Is500WithoutItsWords()
    {
        using var response = await Host.SendAsync(HttpMethod.Get, "/api/Broken");

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }

    [Fact]
    [Conforms("A body that the function cannot read does not end the host", Source.FunctionsHost)]
    public async Task Call_BodyIsNoJson_Is500NotACrash()
    {
        using var response = await Host.SendAsync(HttpMethod.Post, "/api/items", TestHost.FunctionKey, new StringContent("{"));

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await Host.SendAsync(HttpMethod.Get, "/api/anyverb")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/api/anyverb", null, 200)]
    [InlineData("/api/anyverb", "wrong", 200)]
    [InlineData("/api/items", null, 401)]
    [InlineData("/api/items", "wrong", 401)]
    [InlineData("/api/items", TestHost.FunctionKey, 200)]
    [InlineData("/api/items", TestHost.SystemKey, 403)]
    [InlineData("/api/items", TestHost.MasterKey, 200)]
    [InlineData("/api/ForAdmins", null, 401)]
    [InlineData("/api/ForAdmins", TestHost.FunctionKey, 403)]
    [InlineData("/api/ForAdmins", TestHost.SystemKey, 403)]
    [InlineData("/api/ForAdmins", TestHost.MasterKey, 200)]
    [InlineData("/api/ForSystem", TestHost.FunctionKey, 403)]
    [InlineData("/api/ForSystem", TestHost.SystemKey, 200)]
    [InlineData("/admin/host/ping", null, 200)]
    [InlineData("/admin/host/status", null, 401)]
    [InlineData("/admin/host/status", TestHost.FunctionKey, 403)]
    [InlineData("/admin/host/status", TestHost.MasterKey, 200)]
    [InlineData("/admin/functions", null, 401)]
    [InlineData("/admin/functions", TestHost.SystemKey, 403)]
    [InlineData("/admin/functions/Echo", TestHost.MasterKey, 200)]
    [InlineData("/admin/functions/Echo/keys", TestHost.FunctionKey, 403)]
    [InlineData("/admin/host/keys", null, 401)]
    [InlineData("/admin/host/systemkeys", TestHost.SystemKey, 403)]
    [InlineData("/admin/host/systemkeys", TestHost.MasterKey, 200)]
    [InlineData("/runtime/webhooks/durabletask/instances", null, 401)]
    [InlineData("/runtime/webhooks/durabletask/instances", TestHost.FunctionKey, 403)]
    [InlineData("/runtime/webhooks/durabletask/instances", TestHost.SystemKey, 200)]
    [InlineData("/runtime/webhooks/durabletask/instances", TestHost.MasterKey, 200)]
    [InlineData("/runtime/webhooks/durabletask/absent", null, 401)]
    [Conforms("The master key opens everything, any other key its own level only; 401 without a valid key, 403 with one that is not enough; header or code", Source.FunctionsHost)]
    public async Task Key_LevelByEndpoint_GivesExpectedCode(string path, string? key, int expected)
    {
        using var byHeader = await Host.SendAsync(HttpMethod.Get, path, key);
        ((int)byHeader.StatusCode).ShouldBe(expected);
        using var byQuery = await Host.SendAsync(HttpMethod.Get, $"{path}?code={Uri.EscapeDataString(key ?? string.Empty)}");
        ((int)byQuery.StatusCode).ShouldBe(expected);
    }

    [Fact]
    [Conforms("The header x-functions-key comes before the parameter code", Source.FunctionsHost)]
    public async Task Key_HeaderAndQueryDiffer_HeaderCounts()
    {
        using var response = await Host.SendAsync(HttpMethod.Get, $"/api/items?code={TestHost.FunctionKey}", "wrong");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
