using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Dispatch;

public sealed class SharingTests(StateServer server) : EngineTest(server)
{
    [Fact]
    [Conforms("Two hosts work at the same time: neither waits for the other", Source.DurableTaskSql)]
    public async Task TwoHosts_WorkAtTheSameTime()
    {
        using var both = new CountdownEvent(2);
        EngineHost Host() => NewHost(options => options.MaxConcurrentActivities = 1)
            .Orchestrator("Pair", c => Task.WhenAll(c.CallActivityAsync<bool>("Meets"), c.CallActivityAsync<bool>("Meets")))
            .Activity<string>("Meets", _ =>
            {
                both.Signal();
                return both.Wait(TimeSpan.FromSeconds(50));
            });
        var hosts = await Task.WhenAll(Host().StartAsync(), Host().StartAsync());

        (await hosts[0].RunAsync("Pair")).ReadOutputAs<bool[]>().ShouldBe([true, true]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [Conforms("A host runs at most maxConcurrentActivityFunctions activities at once", Source.DurableExtension)]
    public async Task Activities_AreLimited(int limit)
    {
        var (now, most) = (0, 0);
        var gate = new Lock();
        var host = await NewHost(options => options.MaxConcurrentActivities = limit)
            .Orchestrator("Many", c => Task.WhenAll(Enumerable.Range(0, 20).Select(n => c.CallActivityAsync<int>("Counts", n))))
            .Activity<int>("Counts", async (n, cancellation) =>
            {
                lock (gate)
                {
                    most = Math.Max(most, ++now);
                }

                await Task.Delay(10, cancellation);
                lock (gate)
                {
                    now--;
                }

                return n;
            })
            .StartAsync();

        await host.RunAsync("Many");

        most.ShouldBeInRange(1, limit);
    }

    [Fact]
    [Conforms("An activity that never ends holds up no other instance", Source.Own)]
    public async Task EndlessActivity_HoldsUpNobody()
    {
        var host = await NewHost(options => (options.MaxConcurrentActivities, options.DrainTimeout) = (2, TimeSpan.FromMilliseconds(100)))
            .Orchestrator("Endless", c => c.CallActivityAsync<string>("Endless"))
            .Orchestrator("Quick", c => c.CallActivityAsync<string>("Quick"))
            .Activity<string>("Endless", async (_, cancellation) =>
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                return null;
            })
            .Activity<string>("Quick", _ => "quick")
            .StartAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Endless");

        for (var i = 0; i < 5; i++)
        {
            (await host.RunAsync("Quick")).ReadOutputAs<string>().ShouldBe("quick");
        }

        await host.StopAsync();
    }

    [Fact]
    [Conforms("A host that stopped holds nothing and is no longer listed", Source.Own)]
    public async Task Stop_LeavesNothingLocked()
    {
        var host = await NewHost().Orchestrator("Waits", c => c.WaitForExternalEvent<string>("go")).StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");
        await host.UntilAsync(id, found => found.IsRunning);

        await host.StopAsync();

        (await ScalarAsync<long>("SELECT count(*) FROM durable.instances WHERE hub = $1 AND locked_by IS NOT NULL")).ShouldBe(0);
        (await ScalarAsync<long>("SELECT count(*) FROM durable.new_tasks WHERE hub = $1 AND locked_by IS NOT NULL")).ShouldBe(0);
    }

    [Fact]
    [Conforms("An event raised by another host wakes the waiting instance by notification, not by the poll of 30 s", Source.Own)]
    public async Task Event_FromAnotherHost_WakesByNotification()
    {
        var worker = await NewHost(options => options.IdlePollInterval = TimeSpan.FromMinutes(10))
            .Orchestrator("Waits", c => c.WaitForExternalEvent<string>("go"))
            .StartAsync();
        var elsewhere = NewHost();
        var id = await elsewhere.Client.ScheduleNewOrchestrationInstanceAsync("Waits");
        await elsewhere.UntilAsync(id, found => found.IsRunning);

        await elsewhere.Client.RaiseEventAsync(id, "go", "heard");

        (await worker.EndAsync(id)).ReadOutputAs<string>().ShouldBe("heard");
    }

    [Fact]
    [Conforms("An activity that one host schedules is begun by another by notification", Source.Own)]
    public async Task Activity_OfAnotherHost_IsBegunByNotification()
    {
        EngineHost Host(int orchestrators, int activities) => NewHost(options =>
            {
                options.IdlePollInterval = TimeSpan.FromMinutes(10);
                (options.MaxConcurrentOrchestrators, options.MaxConcurrentActivities) = (orchestrators, activities);
            })
            .Orchestrator("Calls", c => c.CallActivityAsync<string>("Says"))
            .Activity<string>("Says", _ => "said");
        var decides = await Host(5, 0).StartAsync();
        await Host(0, 5).StartAsync();

        for (var i = 0; i < 5; i++)
        {
            (await decides.RunAsync("Calls")).ReadOutputAs<string>().ShouldBe("said");
        }
    }
}
