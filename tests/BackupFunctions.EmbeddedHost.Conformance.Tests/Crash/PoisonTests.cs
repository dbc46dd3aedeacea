using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.TestSupport;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Crash;

/// <summary>Work that cannot be done ends by itself and keeps nobody else from theirs.</summary>
[Collection(SlowStateServerCollection.Name)]
public sealed class PoisonTests(StateServer server) : EngineTest(server)
{
    [Fact]
    [Conforms("An instance whose events cannot be read fails after some attempts and holds up nobody else", Source.Own)]
    public async Task Instance_WithAnUnreadableEvent_FailsAndOthersGoOn()
    {
        var host = await NewHost(options => options.MaxDeliveries = 3)
            .Orchestrator("Waits", c => c.WaitForExternalEvent<string>("go"))
            .Orchestrator("Echo", c => Task.FromResult(c.GetInput<string>()))
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");
        await host.UntilAsync(id, found => found.IsRunning);
        await ExecuteAsync("INSERT INTO durable.new_events (hub, instance_id, event_type, event) VALUES ($1, $2, 'Odd', '{\"type\":\"Odd\"}')", id);

        await host.Client.RaiseEventAsync(id, "go");
        var other = await host.RunAsync("Echo", "fine");
        var end = await host.EndAsync(id);

        other.ReadOutputAs<string>().ShouldBe("fine");
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        end.FailureDetails!.ErrorType.ShouldBe("OrchestrationPoisoned");
    }

    [Fact]
    [Conforms("An activity that was begun too often and never ended fails", Source.Own)]
    public async Task Activity_DeliveredTooOften_Fails()
    {
        var scheduler = await NewHost(options => options.MaxConcurrentActivities = 0)
            .Orchestrator("Calls", c => c.CallActivityAsync<string>("Kills"))
            .StartAsync();
        var id = await scheduler.Client.ScheduleNewOrchestrationInstanceAsync("Calls");
        await scheduler.UntilAsync(id, found => found.IsRunning);
        await ExecuteAsync("UPDATE durable.new_tasks SET dequeue_count = 10 WHERE hub = $1");

        var worker = await NewHost()
            .Orchestrator("Calls", c => c.CallActivityAsync<string>("Kills"))
            .Activity<string>("Kills", _ => "alive")
            .StartAsync();

        (await worker.EndAsync(id)).FailureDetails!.InnerFailure!.ErrorType.ShouldBe("ActivityPoisoned");
    }

    [Fact]
    [Conforms("A result that cannot be serialised fails its activity", Source.Own)]
    public async Task Result_ThatCannotBeSerialised_FailsTheActivity()
    {
        var host = await NewHost()
            .Orchestrator("Calls", c => c.CallActivityAsync<string>("Odd"))
            .Activity<string>("Odd", _ => new Cycle())
            .StartAsync();

        (await host.RunAsync("Calls")).FailureDetails!.InnerFailure!.ErrorType.ShouldBe("System.Text.Json.JsonException");
    }

    [Fact]
    [Conforms("An activity's answer survives a restart of the state server", Source.Own)]
    public async Task ServerRestart_WhileAnActivityRuns_KeepsItsAnswer()
    {
        await using var own = await PostgresServer.StartAsync();
        await using var host = new EngineHost(own.ConnectionString());
        using var begun = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        await host
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

        await own.StopAsync();
        release.Release();
        await Until.TrueAsync(() => host.Log.Lines.Any(line => line.Text.Contains("could not be stored yet", StringComparison.Ordinal)));

        await own.StartAgainAsync();

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("kept");
        (await host.EventsAsync(id)).Count(type => type is "TaskCompleted").ShouldBe(1);
    }

    private sealed class Cycle
    {
        public Cycle Self => this;
    }
}
