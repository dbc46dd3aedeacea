using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using System.Diagnostics;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Xunit.Abstractions;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Dispatch;

/// <summary>Prints what a round trip costs; the limits only catch polling and quadratic work.</summary>
public sealed class LatencyTests(StateServer server, ITestOutputHelper output) : EngineTest(server)
{
    [Fact]
    [Conforms("An activity's round trip does not wait for polling", Source.Own)]
    public async Task ActivityRoundTrip_OnAnIdleHost_TakesMilliseconds()
    {
        const int Calls = 200;
        var host = await NewHost()
            .Orchestrator("Calls", async c => await c.CallActivityAsync<int>("Next", 1))
            .Activity<int>("Next", n => n + 1)
            .StartAsync();
        var whole = new List<double>();
        for (var i = 0; i < Calls; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            await host.RunAsync("Calls");
            whole.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        whole.Sort();
        output.WriteLine($"schedule to end with one activity: p50 {whole[Calls / 2]:F1} ms, p95 {whole[Calls * 95 / 100]:F1} ms");
        whole[Calls / 2].ShouldBeLessThan(1000);
    }

    [Fact]
    [Conforms("Steps of a chain follow each other without polling", Source.Own)]
    public async Task ActivityChain_PerStep_TakesMilliseconds()
    {
        const int Steps = 100;
        var host = await NewHost()
            .Orchestrator("Chain", async c =>
            {
                var n = 0;
                for (var step = 0; step < Steps; step++)
                {
                    n = await c.CallActivityAsync<int>("Next", n);
                }

                return n;
            })
            .Activity<int>("Next", n => n + 1)
            .StartAsync();
        await host.RunAsync("Chain");

        var begin = Stopwatch.GetTimestamp();
        var end = await host.RunAsync("Chain");
        var perStep = Stopwatch.GetElapsedTime(begin).TotalMilliseconds / Steps;

        output.WriteLine($"chain of {Steps} activities: {perStep:F1} ms each");
        end.ReadOutputAs<int>().ShouldBe(Steps);
        perStep.ShouldBeLessThan(1000);
    }

    [Fact]
    [Conforms("A thousand instances at once all end", Source.Own)]
    public async Task ThousandInstances_AtOnce_AllEnd()
    {
        const int Instances = 1000;
        var host = await NewHost()
            .Orchestrator("One", async c => await c.CallActivityAsync<int>("Next", c.GetInput<int>()))
            .Activity<int>("Next", n => n + 1)
            .StartAsync();

        var begin = Stopwatch.GetTimestamp();
        var ids = new List<string>();
        for (var i = 0; i < Instances; i++)
        {
            ids.Add(await host.Client.ScheduleNewOrchestrationInstanceAsync("One", i));
        }

        foreach (var id in ids)
        {
            (await host.Client.WaitForInstanceCompletionAsync(id).WaitAsync(TimeSpan.FromSeconds(180)))
                .RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        }

        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        output.WriteLine($"{Instances} instances with one activity each: {seconds:F1} s, {Instances / seconds:F0} per second");
        seconds.ShouldBeLessThan(180);
    }
}
