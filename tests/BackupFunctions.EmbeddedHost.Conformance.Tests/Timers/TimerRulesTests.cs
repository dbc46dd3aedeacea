using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Timers;

public sealed class TimerRulesTests(StateServer server) : EngineTest(server)
{
    [Fact]
    [Conforms("The maximum interval of one timer is 3 days", Source.DurableTaskDotnet)]
    public async Task Timer_OfAWeek_BeginsWithThreeDays()
    {
        var host = await NewHost()
            .Orchestrator("Week", async c =>
            {
                await c.CreateTimer(TimeSpan.FromDays(7), CancellationToken.None);
                return 1;
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Week");
        await Until.TrueAsync(async () => (await host.EventsAsync(id)).Contains("TimerCreated", StringComparer.Ordinal));

        var created = (await host.History.GetAsync(id, CancellationToken.None))!.Single(e => e.EventType is "TimerCreated");

        (created.FireAt - created.Timestamp).ShouldBe(TimeSpan.FromDays(3));
    }

    [Fact]
    [Conforms("TimerCreated and TimerFired carry the time when the timer is due", Source.DurableTaskCore)]
    public async Task Timer_InTheHistory_HasItsDueTime()
    {
        var host = await NewHost()
            .Orchestrator("Waits", async c =>
            {
                var due = c.CurrentUtcDateTime.AddMilliseconds(100);
                await c.CreateTimer(due, CancellationToken.None);
                return due;
            })
            .StartAsync();

        var end = await host.RunAsync("Waits");

        var history = (await host.History.GetAsync(end.InstanceId, CancellationToken.None))!;
        history.Where(e => e.FireAt is not null).Select(e => e.FireAt!.Value).ShouldBe([end.ReadOutputAs<DateTime>(), end.ReadOutputAs<DateTime>()]);
    }

    [Fact]
    [Conforms("The orchestrator's clock is never before the due time of a timer that fired", Source.DurableTaskCore)]
    public async Task Clock_AfterATimer_IsNotBeforeIt()
    {
        var host = await NewHost()
            .Orchestrator("Waits", async c =>
            {
                var due = c.CurrentUtcDateTime.AddMilliseconds(50);
                await c.CreateTimer(due, CancellationToken.None);
                return c.CurrentUtcDateTime >= due;
            })
            .StartAsync();

        (await host.RunAsync("Waits")).ReadOutputAs<bool>().ShouldBeTrue();
    }

    [Fact]
    [Conforms("Timers fire in the order of their due times, not of their creation", Source.DurableTaskCore)]
    public async Task Timers_FireInTheOrderOfTheirTimes()
    {
        var host = await NewHost()
            .Orchestrator("Many", async c =>
            {
                var order = new List<int>();
                async Task WaitAsync(int n)
                {
                    await c.CreateTimer(TimeSpan.FromMilliseconds(100 * n), CancellationToken.None);
                    order.Add(n);
                }

                await Task.WhenAll(WaitAsync(3), WaitAsync(1), WaitAsync(2));
                return order;
            })
            .StartAsync();

        (await host.RunAsync("Many")).ReadOutputAs<int[]>().ShouldBe([1, 2, 3]);
    }

    [Fact]
    [Conforms("A cancelled timer that fires later is ignored without a warning", Source.DurableTaskCore)]
    public async Task Timer_ThatFiresAfterItsCancellation_IsIgnored()
    {
        var host = await NewHost()
            .Orchestrator("Cancels", async c =>
            {
                using var cancellation = new CancellationTokenSource();
                var canceled = c.CreateTimer(TimeSpan.FromMilliseconds(100), cancellation.Token);
                cancellation.Cancel();
                await c.CreateTimer(TimeSpan.FromMilliseconds(300), CancellationToken.None);
                return canceled.IsCanceled;
            })
            .StartAsync();

        var end = await host.RunAsync("Cancels");

        end.ReadOutputAs<bool>().ShouldBeTrue();
        (await host.EventsAsync(end.InstanceId)).ShouldBe(
            ["ExecutionStarted", "TimerCreated", "TimerCreated", "TimerFired", "TimerFired", "ExecutionCompleted"]);
        host.Log.Lines.ShouldNotContain(line => line.Text.Contains("Duplicate", StringComparison.Ordinal));
    }

    [Fact]
    [Conforms("A timer that became due while no host ran fires when one starts", Source.DurableTaskSql)]
    public async Task Timer_DueWhileNoHostRan_FiresAtTheNextStart()
    {
        EngineHost Host() => NewHost().Orchestrator("Waits", async c =>
        {
            await c.CreateTimer(TimeSpan.FromMilliseconds(300), CancellationToken.None);
            return "fired";
        });
        var first = await Host().StartAsync();
        var id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Waits");
        await Until.TrueAsync(async () => (await first.EventsAsync(id)).Contains("TimerCreated", StringComparer.Ordinal));
        await first.StopAsync();
        await Task.Delay(400);

        var second = await Host().StartAsync();

        (await second.EndAsync(id)).ReadOutputAs<string>().ShouldBe("fired");
    }

    [Fact]
    [Conforms("A race between a timer and an activity is decided by what comes first", Source.DurableTaskCore)]
    public async Task Race_IsWonByWhatComesFirst()
    {
        var host = await NewHost()
            .Orchestrator("Races", async c =>
            {
                using var cancellation = new CancellationTokenSource();
                var timer = c.CreateTimer(TimeSpan.FromHours(1), cancellation.Token);
                var activity = c.CallActivityAsync<string>("Fast");
                var winner = await Task.WhenAny(activity, timer);
                cancellation.Cancel();
                return winner == activity ? await activity : "timer";
            })
            .Activity<string>("Fast", _ => "activity")
            .StartAsync();

        (await host.RunAsync("Races")).ReadOutputAs<string>().ShouldBe("activity");
    }

    [Fact]
    [Conforms("A timer with a cancelled token is cancelled at once and leaves the instance free to end", Source.DurableTaskDotnet)]
    public async Task Timer_WithACanceledToken_IsCanceled()
    {
        var host = await NewHost()
            .Orchestrator("Canceled", async c =>
            {
                try
                {
                    await c.CreateTimer(TimeSpan.FromHours(1), new CancellationToken(canceled: true));
                    return "fired";
                }
                catch (OperationCanceledException)
                {
                    return "canceled";
                }
            })
            .StartAsync();

        (await host.RunAsync("Canceled")).ReadOutputAs<string>().ShouldBe("canceled");
    }
}
