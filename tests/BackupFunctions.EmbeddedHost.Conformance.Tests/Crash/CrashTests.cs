using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using System.Diagnostics;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Npgsql;
using Xunit.Abstractions;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Crash;

/// <summary>Hosts that die, hosts that share a hub, servers that go away.</summary>
[Collection(SlowStateServerCollection.Name)]
public sealed class CrashTests(StateServer server, ITestOutputHelper output) : EngineTest(server)
{
    [Fact]
    [Conforms("What a killed host held is taken over when the next host starts, not when the lease ends", Source.Own)]
    public async Task KilledHost_IsResumedAtOnce_NotAfterItsLease()
    {
        using var child = EngineProcess.Start(ConnectionString, Hub);
        var host = EngineProcess.Workflow(NewHost(options => options.Lease = EngineProcess.Lease))
            .Activity<string>("Second", _ => "second");
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Flow");
        await child.UntilBegunAsync();

        await child.KillAsync();
        var begin = Stopwatch.GetTimestamp();
        await host.StartAsync();
        var end = await host.EndAsync(id);
        var elapsed = Stopwatch.GetElapsedTime(begin);

        output.WriteLine($"from the start of the next host to the end of the instance: {elapsed.TotalMilliseconds:F0} ms");
        end.ReadOutputAs<string>().ShouldBe("first second");
        elapsed.ShouldBeLessThan(EngineProcess.Lease);
        (await host.EventsAsync(id)).ShouldBe(
            ["ExecutionStarted", "TaskScheduled", "TaskCompleted", "TaskScheduled", "TaskCompleted", "ExecutionCompleted"]);
    }

    [Fact]
    [Conforms("Work of a silent host goes to another when its lease ends; the late answer does not count", Source.DurableTaskSql)]
    public async Task SilentHost_LosesItsWorkWhenTheLeaseEnds_AndItsAnswerDoesNotCount()
    {
        using var release = new SemaphoreSlim(0);
        using var begun = new SemaphoreSlim(0);
        var silent = await EngineProcess.Workflow(NewHost(options => options.Lease = TimeSpan.FromSeconds(2)))
            .Activity<string>("Second", async (_, _) =>
            {
                begun.Release();
                await release.WaitAsync(CancellationToken.None);
                return "too late";
            })
            .StartAsync();
        var id = await silent.Client.ScheduleNewOrchestrationInstanceAsync("Flow");
        await begun.WaitAsync();
        await silent.AbandonAsync();

        var other = await EngineProcess.Workflow(NewHost(options => options.Lease = TimeSpan.FromSeconds(2)))
            .Activity<string>("Second", _ => "second")
            .StartAsync();
        var end = await other.EndAsync(id);
        release.Release();

        end.ReadOutputAs<string>().ShouldBe("first second");
    }

    [Fact]
    [Conforms("Several hosts of one hub share activities without running any twice", Source.DurableTaskSql)]
    public async Task TwoHosts_OnOneHub_ShareTheWorkWithoutDoingItTwice()
    {
        var runs = new System.Collections.Concurrent.ConcurrentDictionary<int, int>();
        EngineHost Host() => NewHost(options => options.MaxConcurrentActivities = 4)
            .Orchestrator("FanOut", c => Task.WhenAll(Enumerable.Range(0, 60).Select(n => c.CallActivityAsync<int>("Count", n))))
            .Activity<int>("Count", async (n, cancellation) =>
            {
                await Task.Delay(10, cancellation);
                runs.AddOrUpdate(n, 1, (_, count) => count + 1);
                return n;
            });
        var hosts = await Task.WhenAll(Host().StartAsync(), Host().StartAsync());

        var ends = await Task.WhenAll(hosts[0].RunAsync("FanOut"), hosts[1].RunAsync("FanOut"));

        ends.ShouldAllBe(end => end.ReadOutputAs<int[]>()!.SequenceEqual(Enumerable.Range(0, 60)));
        runs.Count.ShouldBe(60);
        runs.Values.ShouldAllBe(count => count == 2);
    }

    [Fact]
    [Conforms("A start by another process is heard by notification", Source.Own)]
    public async Task Client_OfAnotherHost_IsHeardAtOnce()
    {
        var worker = await NewHost().Orchestrator("Echo", c => Task.FromResult(c.GetInput<string>())).StartAsync();
        await using var elsewhere = await NewHost(options => options.MaxConcurrentOrchestrators = 0).StartAsync();

        var begin = Stopwatch.GetTimestamp();
        var end = await elsewhere.RunAsync("Echo", "x");

        end.ReadOutputAs<string>().ShouldBe("x");
        Stopwatch.GetElapsedTime(begin).ShouldBeLessThan(TimeSpan.FromSeconds(50));
        worker.Log.Lines.ShouldNotContain(line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    [Conforms("A host whose connections are cut comes back by itself", Source.Own)]
    public async Task Session_ThatIsCut_ComesBack()
    {
        var host = await NewHost()
            .Orchestrator("Calls", async c => await c.WaitForExternalEvent<string>("go") + await c.CallActivityAsync<string>("Next"))
            .Activity<string>("Next", _ => " next")
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Calls");
        await host.UntilAsync(id, found => found.IsRunning);

        await using (var source = NpgsqlDataSource.Create(ConnectionString))
        await using (var cut = source.CreateCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"))
        {
            await cut.ExecuteNonQueryAsync();
        }

        await ReachableAsync(host);
        await host.Client.RaiseEventAsync(id, "go", "go");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("go next");
    }

    [Fact]
    [Conforms("A host that stops lets running activities end within the drain time and stores their answers", Source.Own)]
    public async Task Stop_LetsARunningActivityEnd()
    {
        using var begun = new SemaphoreSlim(0);
        var host = await NewHost()
            .Orchestrator("Calls", c => c.CallActivityAsync<string>("Slow"))
            .Activity<string>("Slow", async (_, cancellation) =>
            {
                begun.Release();
                await Task.Delay(300, cancellation);
                return "done";
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Calls");
        await begun.WaitAsync();

        await host.StopAsync();

        (await host.EventsAsync(id)).ShouldBe(["ExecutionStarted", "TaskScheduled"]);
        var next = await NewHost().Orchestrator("Calls", c => c.CallActivityAsync<string>("Slow")).StartAsync();
        (await next.EndAsync(id)).ReadOutputAs<string>().ShouldBe("done");
    }

    [Fact]
    [Conforms("An activity that does not end within the drain time is given back and runs elsewhere", Source.Own)]
    public async Task Stop_GivesBackAnActivityThatDoesNotEnd()
    {
        using var begun = new SemaphoreSlim(0);
        var host = await NewHost(options => options.DrainTimeout = TimeSpan.FromMilliseconds(100))
            .Orchestrator("Calls", c => c.CallActivityAsync<string>("Endless"))
            .Activity<string>("Endless", async (_, cancellation) =>
            {
                begun.Release();
                await Task.Delay(Timeout.Infinite, cancellation);
                return null;
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Calls");
        await begun.WaitAsync();

        await host.StopAsync();
        var next = await NewHost()
            .Orchestrator("Calls", c => c.CallActivityAsync<string>("Endless"))
            .Activity<string>("Endless", _ => "done")
            .StartAsync();

        (await next.EndAsync(id)).ReadOutputAs<string>().ShouldBe("done");
    }

    [Fact]
    [Conforms("Leases are renewed while an activity runs", Source.DurableTaskSql)]
    public async Task Activity_LongerThanTheLease_KeepsIt()
    {
        var runs = 0;
        EngineHost Host() => NewHost(options => options.Lease = TimeSpan.FromSeconds(4))
            .Orchestrator("Calls", c => c.CallActivityAsync<int>("Long"))
            .Activity<string>("Long", async (_, cancellation) =>
            {
                await Task.Delay(6000, cancellation);
                return Interlocked.Increment(ref runs);
            });
        var hosts = await Task.WhenAll(Host().StartAsync(), Host().StartAsync());

        (await hosts[0].RunAsync("Calls")).ReadOutputAs<int>().ShouldBe(1);
    }

    [Fact]
    [Conforms("Hosts that start at once on an empty database install the schema once", Source.Own)]
    public async Task Hosts_StartingAtOnceOnAnEmptyDatabase_BothCome()
    {
        var empty = await Server.CreateDatabaseAsync();
        await using var first = new EngineHost(empty);
        await using var second = new EngineHost(empty);

        await Task.WhenAll(first.StartAsync(), second.StartAsync());

        (await first.Client.GetInstanceAsync("any")).ShouldBeNull();
    }

    /// <summary>Until the pool has found out which of its connections are dead.</summary>
    private static async Task ReachableAsync(EngineHost host)
    {
        for (var inARow = 0; inARow < 20;)
        {
            try
            {
                await host.Client.GetInstanceAsync("any");
                inARow++;
            }
            catch (NpgsqlException)
            {
                inARow = 0;
            }
        }
    }
}
