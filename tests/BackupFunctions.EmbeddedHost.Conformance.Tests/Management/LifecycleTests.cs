using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Management;

/// <summary>Control of instances in less usual states.</summary>
public sealed class LifecycleTests(StateServer server) : EngineTest(server)
{
    private static DateTimeOffset FarAway => TimeProvider.System.GetUtcNow().AddHours(1);

    [Fact]
    [Conforms("Terminate ends an instance whose orchestrator returned and waits for an open timer", Source.DurableTaskCore)]
    public async Task Terminate_DoesNotWaitForOpenTasks()
    {
        var host = await HostAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Leaves");
        await host.UntilAsync(id, found => found.IsRunning);

        await host.Client.TerminateInstanceAsync(id, "enough");

        (await host.EndAsync(id)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
    }

    [Fact]
    [Conforms("WaitForInstanceStart returns when the instance is no longer Pending", Source.DurableTaskDotnet)]
    public async Task WaitForStart_ReturnsWhenItRuns()
    {
        var host = await HostAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits", "x");

        var started = await host.Client.WaitForInstanceStartAsync(id, getInputsAndOutputs: true).WaitAsync(TimeSpan.FromSeconds(60));

        started.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Running);
        started.ReadInputAs<string>().ShouldBe("x");
    }

    [Fact]
    [Conforms("Terminate ends an instance that has not started", Source.DurableTaskSql)]
    public async Task Terminate_OfAPendingInstance_EndsIt()
    {
        var host = await HostAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions(StartAt: FarAway));

        await host.Client.TerminateInstanceAsync(id, "never mind");

        var end = await host.EndAsync(id);
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
        end.ReadOutputAs<string>().ShouldBe("never mind");
    }

    [Fact]
    [Conforms("The reasons of Suspend and Resume are in the history", Source.DurableTaskCore)]
    public async Task Reasons_AreInTheHistory()
    {
        var host = await HostAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");
        await host.Client.SuspendInstanceAsync(id, "maintenance");
        await host.UntilAsync(id, found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        await host.Client.ResumeInstanceAsync(id, "done");
        await host.UntilAsync(id, found => found.IsRunning);

        var history = (await host.History.GetAsync(id, CancellationToken.None))!;

        history.Where(e => e.Reason is not null).Select(e => $"{e.EventType} {e.Reason}")
            .ShouldBe(["ExecutionSuspended maintenance", "ExecutionResumed done"]);
    }

    [Fact]
    [Conforms("Resume of a running instance has no effect", Source.DurableTaskCore)]
    public async Task Resume_OfARunningInstance_HasNoEffect()
    {
        var host = await HostAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");
        await host.UntilAsync(id, found => found.IsRunning);

        await host.Client.ResumeInstanceAsync(id);
        await host.Client.RaiseEventAsync(id, "go", "went");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("went");
    }

    [Fact]
    [Conforms("A timer that becomes due in a suspended instance fires on resume", Source.DurableTaskCore)]
    public async Task Timer_InASuspendedInstance_FiresOnResume()
    {
        var host = await HostAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Timer");
        await Until.TrueAsync(async () => (await host.EventsAsync(id)).Contains("TimerCreated", StringComparer.Ordinal));
        await host.Client.SuspendInstanceAsync(id);
        await host.UntilAsync(id, found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        await Until.TrueAsync(async () =>
            await ScalarAsync<long>("SELECT count(*) FROM durable.new_events WHERE hub = $1 AND instance_id = $2 AND is_held", id) > 0);

        var suspended = await host.EventsAsync(id);
        await host.Client.ResumeInstanceAsync(id);

        suspended.ShouldNotContain("TimerFired", StringComparer.Ordinal);
        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("fired");
    }

    [Fact]
    [Conforms("Sub-orchestrations of a suspended instance run on", Source.DurableTaskCore)]
    public async Task SubOrchestration_OfASuspendedInstance_RunsOn()
    {
        var host = await HostAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Parent");
        await host.UntilAsync($"{id}-child", found => found.IsRunning);
        await host.Client.SuspendInstanceAsync(id);
        await host.UntilAsync(id, found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);

        await host.Client.RaiseEventAsync($"{id}-child", "go", "went");
        var child = await host.EndAsync($"{id}-child");
        var parent = await host.Client.GetInstanceAsync(id);
        await host.Client.ResumeInstanceAsync(id);

        child.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        parent!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Suspended);
        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("went");
    }

    [Fact]
    [Conforms("The client waits for the end of an instance across any number of executions", Source.DurableTaskDotnet)]
    public async Task WaitForCompletion_SpansExecutions()
    {
        var host = await HostAsync();

        (await host.RunAsync("Again", 0)).ReadOutputAs<int>().ShouldBe(10);
    }

    [Fact]
    [Conforms("A wait for an instance ends with the caller's patience", Source.DurableTaskDotnet)]
    public async Task WaitForCompletion_CanBeCanceled()
    {
        var host = await HostAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Should.ThrowAsync<OperationCanceledException>(() => host.Client.WaitForInstanceCompletionAsync(id, patience.Token));
    }

    private Task<EngineHost> HostAsync() => NewHost()
        .Orchestrator("Waits", c => c.WaitForExternalEvent<string>("go"))
        .Orchestrator("Timer", async c =>
        {
            await c.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
            return "fired";
        })
        .Orchestrator("Leaves", c =>
        {
            _ = c.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
            return Task.FromResult("returned");
        })
        .Orchestrator("Again", c =>
        {
            var n = c.GetInput<int>();
            if (n < 10)
            {
                c.ContinueAsNew(n + 1);
            }

            return Task.FromResult(n);
        })
        .Orchestrator("Parent", c => c.CallSubOrchestratorAsync<string>("Waits", null, new SubOrchestrationOptions(instanceId: $"{c.InstanceId}-child")))
        .StartAsync();
}
