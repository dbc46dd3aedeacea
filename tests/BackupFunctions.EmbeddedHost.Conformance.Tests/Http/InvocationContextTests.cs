using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

public sealed class InvocationContextTests(StateDatabaseFixture database) : IClassFixture<StateDatabaseFixture>
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("wrong", null, null)]
    [InlineData(TestHost.MasterKey, "_master", "Admin")]
    [InlineData(TestHost.FunctionKey, "default", "Function")]
    [InlineData(TestHost.SystemKey, "durabletask_extension", "System")]
    [Conforms("The caller's identity has the level and the name of the key as claims, also where no key is asked for", Source.FunctionsHost)]
    public async Task Caller_Claims_NameTheKey(string? key, string? name, string? level)
    {
        await using var host = await TestHost.StartAsync(database.ConnectionString, [typeof(ContextFunctions)]);

        var who = await host.JsonAsync(HttpMethod.Get, "/api/Who", key);

        (who.GetProperty("key").GetString(), who.GetProperty("level").GetString()).ShouldBe((name, level));
    }

    [Fact]
    [Conforms("TraceContext has the caller's trace, or goes on with it", Source.DotnetWorker)]
    public async Task Trace_FromHeaders_IsTheCallers()
    {
        await using var host = await TestHost.StartAsync(database.ConnectionString, [typeof(ContextFunctions)]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/Who");
        request.Headers.Add("traceparent", Trace);
        request.Headers.Add("tracestate", "vendor=1");

        using var response = await host.Client.SendAsync(request);
        var who = await response.Content.ReadFromJsonAsync<JsonElement>();

        who.GetProperty("traceParent").GetString()!.ShouldStartWith(Trace[..35]);
        who.GetProperty("traceState").GetString().ShouldBe("vendor=1");
    }

    [Fact]
    [Conforms("RetryContext is 0 of 0 for functions without a retry attribute", Source.DotnetWorker)]
    public async Task Retry_WithoutAttribute_IsZero()
    {
        await using var host = await TestHost.StartAsync(database.ConnectionString, [typeof(ContextFunctions)]);

        var who = await host.JsonAsync(HttpMethod.Get, "/api/Who");

        (who.GetProperty("retryCount").GetInt32(), who.GetProperty("maxRetryCount").GetInt32()).ShouldBe((0, 0));
    }
}
