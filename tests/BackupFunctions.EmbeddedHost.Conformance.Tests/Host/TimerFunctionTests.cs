using BackupFunctions.EmbeddedHost.Conformance.Tests.Http;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;
using BackupFunctions.EmbeddedHost.Timers;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Host;

public sealed class TimerFunctionTests(StateDatabaseFixture database) : IClassFixture<StateDatabaseFixture>
{
    [Fact]
    [Conforms("[FixedDelayRetry(n)] repeats a failed timer function n times and then lets it be; RetryContext counts", Source.FunctionsHost)]
    public async Task FixedDelayRetry_AlwaysFails_IsRepeatedAsOftenAsItSays()
    {
        await using var host = await StartAsync();

        // The second run waits for the end of the first: a fourth attempt would be seen before it.
        await RunsAsync(host, "FailsAlways", "0 of 2", "1 of 2", "2 of 2");
        await RunsAsync(host, "FailsAlways", "0 of 2", "1 of 2", "2 of 2");
    }

    [Fact]
    [Conforms("[ExponentialBackoffRetry(-1)] repeats without end until the function succeeds", Source.FunctionsHost)]
    public async Task ExponentialRetry_WithoutEnd_IsRepeatedUntilItSucceeds()
    {
        await using var host = await StartAsync();

        await RunsAsync(host, "FailsFourTimes", "0 of -1", "1 of -1", "2 of -1", "3 of -1", "4 of -1");
        await RunsAsync(host, "FailsFourTimes", "0 of -1", "1 of -1", "2 of -1", "3 of -1", "4 of -1");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("1")]
    [Conforms("A timer switched off by AzureWebJobs.{Function}.Disabled has no listener and cannot be run by hand", Source.FunctionsHost)]
    public async Task Disabled_BySetting_HasNoListener(string value)
    {
        await using var host = await StartAsync(("AzureWebJobs.FailsAlways.Disabled", value));

        host.Services.GetRequiredService<TimerListeners>().All.Select(listener => listener.Function).ShouldBe(["FailsFourTimes"]);
        (await host.CodeAsync(HttpMethod.Post, "/admin/functions/FailsAlways", TestHost.MasterKey)).ShouldBe(404);
    }

    private static async Task RunsAsync(TestHost host, string function, params string[] expected)
    {
        (await host.CodeAsync(HttpMethod.Post, $"/admin/functions/{function}", TestHost.MasterKey)).ShouldBe(202);
        var recorder = host.Services.GetRequiredService<TimerRecorder>();
        foreach (var line in expected)
        {
            (await recorder.NextAsync()).ShouldBe(line);
        }
    }

    private Task<TestHost> StartAsync(params (string Key, string Value)[] settings) => TestHost.StartAsync(
        new TestHostSetup(database.ConnectionString, typeof(RetryFunctions))
        {
            Configure = builder => builder.Services.AddSingleton<TimerRecorder>(),
            Settings = settings,
        });
}
