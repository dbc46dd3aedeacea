using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Durable.History;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Dispatch;

/// <summary>Everything may be delivered twice, late or to the wrong place; the history has it once.</summary>
public sealed class DeliveryTests(StateServer server) : EngineTest(server)
{
    private static readonly DateTime Now = TimeProvider.System.GetUtcNow().UtcDateTime;

    [Fact]
    [Conforms("A second answer of an activity is ignored with a warning", Source.DurableTaskCore)]
    public async Task Answer_Repeated_IsIgnored()
    {
        var (host, id) = await WaitingAsync();

        await AddAsync(id, null, new TaskCompletedEvent(Now, 0, "\"second\""));
        await host.Client.RaiseEventAsync(id, "go", "!");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("first!");
        host.Log.Lines.ShouldContain(line => line.Text.Contains("Duplicate TaskCompleted", StringComparison.Ordinal));
    }

    [Fact]
    [Conforms("An event for another execution is dropped", Source.DurableTaskCore)]
    public async Task Event_ForAnotherExecution_IsDropped()
    {
        var (host, id) = await WaitingAsync();

        await AddAsync(id, "another execution", new EventRaisedEvent(Now, "go", "\"?\""));
        await host.Client.RaiseEventAsync(id, "go", "!");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("first!");
    }

    [Fact]
    [Conforms("A second ExecutionStarted is dropped", Source.DurableTaskCore)]
    public async Task Start_Repeated_IsDropped()
    {
        var (host, id) = await WaitingAsync();

        await AddAsync(id, null, new ExecutionStartedEvent(Now, "Waits", null, null, null));
        await host.Client.RaiseEventAsync(id, "go", "!");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("first!");
        (await host.EventsAsync(id)).Count(type => type is "ExecutionStarted").ShouldBe(1);
    }

    [Fact]
    [Conforms("An answer after the end is dropped and leaves the instance as it is", Source.DurableTaskCore)]
    public async Task Answer_AfterTheEnd_IsDropped()
    {
        var (host, id) = await WaitingAsync();
        await host.Client.RaiseEventAsync(id, "go", "!");
        await host.EndAsync(id);
        var events = await host.EventsAsync(id);

        await AddAsync(id, null, new TaskCompletedEvent(Now, 0, "\"late\""));
        await host.RunAsync("Echo");
        await Until.TrueAsync(async () => await ScalarAsync<long>("SELECT count(*) FROM durable.new_events WHERE hub = $1") == 0);

        (await host.EventsAsync(id)).ShouldBe(events);
        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("first!");
    }

    [Fact]
    [Conforms("An activity whose lease another host took is cancelled, and its answer does not count", Source.DurableTaskSql)]
    public async Task Activity_ThatLostItsLease_IsCanceled()
    {
        using var canceled = new SemaphoreSlim(0);
        using var begun = new SemaphoreSlim(0);
        var runs = 0;
        var host = await NewHost(options => options.Lease = TimeSpan.FromSeconds(2))
            .Orchestrator("Calls", c => c.CallActivityAsync<string>("Long"))
            .Activity<string>("Long", async (_, cancellation) =>
            {
                if (Interlocked.Increment(ref runs) > 1)
                {
                    return "second";
                }

                begun.Release();
                await using var registration = cancellation.Register(() => canceled.Release());
                await Task.Delay(TimeSpan.FromSeconds(60), CancellationToken.None).WaitAsync(cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
                return "first";
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Calls");
        await begun.WaitAsync();

        await ExecuteAsync("UPDATE durable.new_tasks SET locked_by = -1, lock_expires_at = now() + interval '3 s', dequeue_count = 2 WHERE hub = $1");

        (await canceled.WaitAsync(TimeSpan.FromSeconds(50))).ShouldBeTrue();
        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("second");
    }

    [Fact]
    [Conforms("An activity's answer counts although a crash of the server lost the lock that it was begun with", Source.Own)]
    public async Task Activity_WhoseLockTheServerLost_KeepsItsAnswer()
    {
        using var begun = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var host = await NewHost()
            .Orchestrator("Calls", c => c.CallActivityAsync<string>("Long"))
            .Activity<string>("Long", async (_, cancellation) =>
            {
                begun.Release();
                await release.WaitAsync(cancellation);
                return "kept";
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Calls");
        await begun.WaitAsync();

        // As it was before the lock, except that nobody takes it now.
        await ExecuteAsync(
            "UPDATE durable.new_tasks SET locked_by = NULL, dequeue_count = 0, lock_expires_at = now() + interval '1 h' WHERE hub = $1");
        release.Release();

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("kept");
    }

    private async Task<(EngineHost Host, string Id)> WaitingAsync()
    {
        var host = await NewHost()
            .Orchestrator("Waits", async c => await c.CallActivityAsync<string>("First") + await c.WaitForExternalEvent<string>("go"))
            .Orchestrator("Echo", _ => Task.FromResult(1))
            .Activity<string>("First", _ => "first")
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");
        await Until.TrueAsync(async () => (await host.EventsAsync(id)).Contains("TaskCompleted", StringComparer.Ordinal));
        return (host, id);
    }

    private Task AddAsync(string id, string? execution, HistoryEvent added) => ExecuteAsync(
        "INSERT INTO durable.new_events (hub, instance_id, execution_id, event_type, event) VALUES ($1, $2, nullif($3, ''), $4, $5)",
        id,
        execution ?? "",
        HistorySerializer.TypeName(added),
        HistorySerializer.Write(added));
}
