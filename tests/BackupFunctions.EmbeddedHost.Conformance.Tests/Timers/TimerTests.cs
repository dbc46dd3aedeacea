using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using System.Diagnostics;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Timers;

public sealed class TimerTests(StateServer server) : EngineTest(server)
{
    [Fact]
    [Conforms("A timer wakes its orchestration when it is due, never before, also on an idle host", Source.Own)]
    public async Task Timer_WhenDue_WakesTheIdleHostInTime()
    {
        var host = await NewHost()
            .Orchestrator("Waits", async c =>
            {
                var before = c.CurrentUtcDateTime;
                await c.CreateTimer(TimeSpan.FromMilliseconds(700), CancellationToken.None);
                return c.CurrentUtcDateTime - before;
            })
            .StartAsync();

        var begin = Stopwatch.GetTimestamp();
        var end = await host.RunAsync("Waits");

        // Far below the poll interval of 30 s, and never early.
        end.ReadOutputAs<TimeSpan>().ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(700));
        Stopwatch.GetElapsedTime(begin).ShouldBeLessThan(TimeSpan.FromSeconds(25));
    }

    [Fact]
    [Conforms("A timer whose time has passed fires at once", Source.DurableTaskCore)]
    public async Task Timer_InThePast_FiresAtOnce()
    {
        var host = await NewHost()
            .Orchestrator("Past", async c =>
            {
                await c.CreateTimer(c.CurrentUtcDateTime.AddDays(-1), CancellationToken.None);
                return "fired";
            })
            .StartAsync();

        (await host.RunAsync("Past")).ReadOutputAs<string>().ShouldBe("fired");
    }

    [Fact]
    [Conforms("A cancelled timer leaves the open tasks: the instance can end", Source.DurableTaskCore)]
    public async Task Timer_Canceled_DoesNotHoldTheInstance()
    {
        var host = await NewHost()
            .Orchestrator("Cancels", async c =>
            {
                using var cancellation = new CancellationTokenSource();
                var timer = c.CreateTimer(TimeSpan.FromHours(1), cancellation.Token);
                await c.CallActivityAsync("Nothing");
                cancellation.Cancel();
                try
                {
                    await timer;
                    return "fired";
                }
                catch (OperationCanceledException)
                {
                    return "canceled";
                }
            })
            .Activity<string>("Nothing", _ => null)
            .StartAsync();

        (await host.RunAsync("Cancels")).ReadOutputAs<string>().ShouldBe("canceled");
    }

    [Fact]
    [Conforms("A timer longer than the maximum interval (3 days) is a chain of shorter ones in the history", Source.DurableTaskDotnet)]
    public async Task Timer_LongerThanTheMaximum_IsAChain()
    {
        var host = await NewHost(options => options.MaximumTimerInterval = TimeSpan.FromMilliseconds(100))
            .Orchestrator("Long", async c =>
            {
                await c.CreateTimer(TimeSpan.FromMilliseconds(250), CancellationToken.None);
                return "fired";
            })
            .StartAsync();

        var end = await host.RunAsync("Long");

        var timers = (await host.EventsAsync(end.InstanceId)).Count(type => type is "TimerCreated");
        timers.ShouldBeInRange(2, 3);
    }

    [Fact]
    [Conforms("An instance with a start time is Pending until then", Source.DurableTaskDotnet)]
    public async Task StartAt_InTheFuture_KeepsTheInstancePendingUntilThen()
    {
        var host = await NewHost().Orchestrator("Later", c => Task.FromResult(c.CurrentUtcDateTime)).StartAsync();
        var startAt = TimeProvider.System.GetUtcNow().AddSeconds(3);

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync(
            "Later", new StartOrchestrationOptions(StartAt: startAt));
        var before = await host.Client.GetInstanceAsync(id);
        var end = await host.EndAsync(id);

        before!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Pending);
        end.ReadOutputAs<DateTime>().ShouldBeGreaterThanOrEqualTo(startAt.UtcDateTime.AddMilliseconds(-1));
    }
}
