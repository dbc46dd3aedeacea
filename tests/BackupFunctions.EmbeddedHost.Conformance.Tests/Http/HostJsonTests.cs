using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;
using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

/// <summary>What host.json and local.settings.json change.</summary>
public sealed class HostJsonTests(StateDatabaseFixture database) : IClassFixture<StateDatabaseFixture>
{
    private const string Orchestrators = "/runtime/webhooks/durabletask/orchestrators";

    private TestHostSetup Setup => new(database.ConnectionString, typeof(HttpFunctions), typeof(WorkflowFunctions));

    [Theory]
    [InlineData("v1/backup", "/v1/backup/anyverb")]
    [InlineData("/v2/", "/v2/anyverb")]
    [InlineData("", "/anyverb")]
    [Conforms("extensions.http.routePrefix replaces api; it may be empty", Source.FunctionsHost)]
    public async Task RoutePrefix_Given_ReplacesApi(string prefix, string path)
    {
        // With an empty prefix a route of this function would be the host's.
        await using var host = await TestHost.StartAsync(new TestHostSetup(database.ConnectionString, typeof(PlainFunctions))
        {
            Http = $"\"routePrefix\": \"{prefix}\"",
        });

        (await host.CodeAsync(HttpMethod.Get, path)).ShouldBe(200);
        (await host.CodeAsync(HttpMethod.Get, "/api/anyverb")).ShouldBe(404);
    }

    [Theory]
    [InlineData("/api/anyverb", 200)]
    [InlineData("/api/items", 401)]
    [InlineData("/api/absent", 404)]
    [InlineData("/api/Broken", 500)]
    [Conforms("extensions.http.customHeaders stand on every answer", Source.FunctionsHost)]
    public async Task CustomHeaders_Given_StandOnEveryAnswer(string path, int expected)
    {
        await using var host = await TestHost.StartAsync(Setup with { Http = "\"customHeaders\": { \"X-Content-Type-Options\": \"nosniff\" }" });

        using var response = await host.SendAsync(HttpMethod.Get, path);

        ((int)response.StatusCode).ShouldBe(expected);
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Fact]
    [Conforms("extensions.durableTask: hubName, maxConcurrent*, storeInputsInOrchestrationHistory, maxOrchestrationActions, defaultVersion and its strategies reach the engine", Source.DurableExtension)]
    public async Task DurableTask_Settings_ReachTheEngine()
    {
        await using var host = await TestHost.StartAsync(Setup with
        {
            Hub = "FromHostJson",
            DurableTask = """
                "maxConcurrentActivityFunctions": 3, "MaxConcurrentOrchestratorFunctions": 4, "storeInputsInOrchestrationHistory": true, "defaultVersion": "1.5",
                "maxOrchestrationActions": 77, "versionMatchStrategy": "strict", "versionFailureStrategy": "Fail"
                """,
        });

        var options = host.Services.GetRequiredService<IOptions<DurableEngineOptions>>().Value;
        host.Services.GetRequiredService<DurableEngineOptions>().ShouldBeSameAs(options);
        host.Services.GetRequiredService<DurableTaskClient>().Name.ShouldBe("FromHostJson");

        (options.HubName, options.MaxConcurrentActivities, options.MaxConcurrentOrchestrators).ShouldBe(("FromHostJson", 3, 4));
        (options.StoreInputsInHistory, options.DefaultVersion).ShouldBe((true, "1.5"));
        (options.MaxOrchestrationActions, options.VersionMatchStrategy, options.VersionFailureStrategy)
            .ShouldBe((77, VersionMatchStrategy.Strict, VersionFailureStrategy.Fail));
    }

    [Fact]
    [Conforms("Hubs in one database do not see each other's instances", Source.DurableExtension)]
    public async Task Hubs_InOneDatabase_AreApart()
    {
        await using var one = await TestHost.StartAsync(Setup);
        await using var other = await TestHost.StartAsync(Setup);
        (await one.CodeAsync(HttpMethod.Post, $"{Orchestrators}/WaitForWord/mine", TestHost.SystemKey)).ShouldBe(202);

        (await other.CodeAsync(HttpMethod.Get, "/runtime/webhooks/durabletask/instances/mine", TestHost.SystemKey)).ShouldBe(404);
        (await one.CodeAsync(HttpMethod.Get, "/runtime/webhooks/durabletask/instances/mine", TestHost.SystemKey)).ShouldBe(202);
    }

    [Theory]
    [InlineData("", 409)]
    [InlineData("\"overridableExistingInstanceStates\": \"NonRunningStates\"", 409)]
    [InlineData("\"overridableExistingInstanceStates\": \"AnyState\"", 202)]
    [Conforms("overridableExistingInstanceStates: AnyState lets a start replace a running instance, NonRunningStates does not", Source.DurableExtension)]
    public async Task OverridableStates_Decide_OnAStartWithARunningId(string setting, int expected)
    {
        await using var host = await TestHost.StartAsync(Setup with { DurableTask = setting });
        (await host.CodeAsync(HttpMethod.Post, $"{Orchestrators}/WaitForWord/one", TestHost.SystemKey)).ShouldBe(202);

        (await host.CodeAsync(HttpMethod.Post, $"{Orchestrators}/WaitForWord/one", TestHost.SystemKey)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("", "http", "127.0.0.1")]
    [InlineData("\"httpSettings\": { \"useForwardedHost\": false }", "http", "127.0.0.1")]
    [InlineData("\"httpSettings\": { \"useForwardedHost\": true }", "https", "backup.example.org")]
    [Conforms("Links of a start have the request's authority; X-Forwarded-Host and -Proto count with useForwardedHost only", Source.DurableExtension)]
    public async Task ForwardedHost_CountsWhenAskedFor(string setting, string scheme, string authority)
    {
        await using var host = await TestHost.StartAsync(Setup with { DurableTask = setting });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Orchestrators}/Hello");
        request.Headers.Add("x-functions-key", TestHost.SystemKey);
        request.Headers.Add("X-Forwarded-Host", "backup.example.org");
        request.Headers.Add("X-Forwarded-Proto", "https");

        using var response = await host.Client.SendAsync(request);
        var link = new Uri((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("statusQueryGetUri").GetString()!);

        (link.Scheme, link.Host).ShouldBe((scheme, authority));
    }

    [Theory]
    [InlineData("X-Forwarded-Host", "bad host:x", "https")]
    [InlineData("X-Forwarded-Host", "backup.example.org", "gopher")]
    [Conforms("Forwarded values that make no address are passed over", Source.Own)]
    public async Task ForwardedHost_NoAddress_IsPassedOver(string header, string name, string scheme)
    {
        await using var host = await TestHost.StartAsync(Setup with { DurableTask = "\"httpSettings\": { \"useForwardedHost\": true }" });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Orchestrators}/Hello");
        request.Headers.Add("x-functions-key", TestHost.SystemKey);
        request.Headers.TryAddWithoutValidation(header, name);
        request.Headers.Add("X-Forwarded-Proto", scheme);

        using var response = await host.Client.SendAsync(request);

        response.Headers.Location!.Host.ShouldBe("127.0.0.1");
    }

    [Theory]
    [InlineData("https://one.example", "https://one.example", null)]
    [InlineData("https://two.example", "https://two.example", null)]
    [InlineData("https://other.example", null, null)]
    [Conforms("Host.CORS: named origins may call, others may not; Host.LocalHttpPort and the rest of local.settings.json are read", Source.FunctionsHost)]
    public async Task Cors_NamedOrigins_MayCall(string origin, string? allowed, string? credentials) =>
        await CorsAsync("""{ "Values": {}, "Host": { "CORS": "https://one.example, https://two.example" } }""", origin, allowed, credentials);

    [Theory]
    [InlineData("""{ "Host": { "CORS": "*" } }""", "*", null)]
    [InlineData("""{ "Host": { "CORS": "https://one.example", "CORSCredentials": true } }""", "https://one.example", "true")]
    [InlineData("""{ "Host": { "CORS": "https://one.example", "CORSCredentials": false } }""", "https://one.example", null)]
    [InlineData("{}", null, null)]
    [Conforms("Host.CORS * allows every origin; Host.CORSCredentials allows credentials to named ones; without CORS nobody may", Source.FunctionsHost)]
    public async Task Cors_Settings_DecideWhoMayCall(string settings, string? allowed, string? credentials) =>
        await CorsAsync(settings, "https://one.example", allowed, credentials);

    private async Task CorsAsync(string settings, string origin, string? allowed, string? credentials)
    {
        await using var host = await TestHost.StartAsync(Setup with { LocalSettings = settings });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/anyverb");
        request.Headers.Add("Origin", origin);

        using var response = await host.Client.SendAsync(request);

        Header(response, "Access-Control-Allow-Origin").ShouldBe(allowed);
        Header(response, "Access-Control-Allow-Credentials").ShouldBe(credentials);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
