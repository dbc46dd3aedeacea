using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Management;

/// <summary>Suspend, resume, terminate.</summary>
public sealed class ControlTests(StateServer server) : EngineTest(server)
{
    [Fact]
    [Conforms("A suspended instance keeps events back and gets them in their order on resume", Source.DurableTaskCore)]
    public async Task Suspended_EventsWait_AndArriveInOrderOnResume()
    {
        var host = await NewHost()
            .Orchestrator("Collects", async c =>
                $"{await c.WaitForExternalEvent<int>("n")},{await c.WaitForExternalEvent<int>("n")},{await c.WaitForExternalEvent<int>("n")}")
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Collects");
        await host.Client.RaiseEventAsync(id, "n", 1);
        await host.Client.SuspendInstanceAsync(id, "pause");
        await host.UntilAsync(id, found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);

        await host.Client.RaiseEventAsync(id, "n", 2);
        await host.Client.RaiseEventAsync(id, "n", 3);
        await host.UntilAsync(id, found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        await host.Client.ResumeInstanceAsync(id, "go on");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("1,2,3");
        (await host.EventsAsync(id)).ShouldContain("ExecutionSuspended", StringComparer.Ordinal);
    }

    [Fact]
    [Conforms("Running activities end while their instance is suspended; the result waits for the resume", Source.DurableTaskCore)]
    public async Task Suspended_ActivityResult_WaitsForResume()
    {
        using var release = new SemaphoreSlim(0);
        using var begun = new SemaphoreSlim(0);
        var host = await NewHost()
            .Orchestrator("Calls", async c =>
            {
                await c.CallActivityAsync("Slow");
                return await c.CallActivityAsync<string>("Next");
            })
            .Activity<string>("Slow", async (_, cancellation) =>
            {
                begun.Release();
                await release.WaitAsync(cancellation);
                return null;
            })
            .Activity<string>("Next", _ => "next")
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Calls");
        await begun.WaitAsync();
        await host.Client.SuspendInstanceAsync(id);
        await host.UntilAsync(id, found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);

        release.Release();
        await HeldEventAsync(id);
        var whileSuspended = await host.EventsAsync(id);
        await host.Client.ResumeInstanceAsync(id);

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("next");
        whileSuspended.ShouldBe(["ExecutionStarted", "TaskScheduled", "ExecutionSuspended"]);
    }

    [Fact]
    [Conforms("Terminate ends with status Terminated and the given output", Source.DurableTaskCore)]
    public async Task Terminate_OfAWaitingInstance_EndsItWithTheOutput()
    {
        var host = await NewHost().Orchestrator("Waits", c => c.WaitForExternalEvent<string>("never")).StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");

        await host.Client.TerminateInstanceAsync(id, "because");

        var end = await host.EndAsync(id);
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
        end.ReadOutputAs<string>().ShouldBe("because");
        end.FailureDetails.ShouldBeNull();
    }

    [Fact]
    [Conforms("A suspended instance processes Terminate", Source.DurableTaskCore)]
    public async Task Terminate_OfASuspendedInstance_EndsIt()
    {
        var host = await NewHost().Orchestrator("Waits", c => c.WaitForExternalEvent<string>("never")).StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");
        await host.Client.SuspendInstanceAsync(id);
        await host.UntilAsync(id, found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);

        await host.Client.TerminateInstanceAsync(id);

        (await host.EndAsync(id)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
    }

    [Theory]
    [InlineData(true, OrchestrationRuntimeStatus.Terminated)]
    [InlineData(false, OrchestrationRuntimeStatus.Completed)]
    [Conforms("Terminate leaves sub-orchestrations alone unless it is recursive", Source.DurableTaskDotnet)]
    public async Task Terminate_Recursive_EndsSubOrchestrationsToo(bool recursive, OrchestrationRuntimeStatus grandchild)
    {
        var host = await NewHost()
            .Orchestrator("A", c => c.CallSubOrchestratorAsync<string>("B", null, new SubOrchestrationOptions(instanceId: $"{c.InstanceId}-b")))
            .Orchestrator("B", c => c.CallSubOrchestratorAsync<string>("C", null, new SubOrchestrationOptions(instanceId: $"{c.InstanceId}-c")))
            .Orchestrator("C", c => c.WaitForExternalEvent<string>("go"))
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("A");
        await host.UntilAsync($"{id}-b-c", found => found.IsRunning);

        await host.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions("stop", recursive));
        await host.EndAsync(id);
        if (!recursive)
        {
            await host.Client.RaiseEventAsync($"{id}-b-c", "go", "on");
        }

        (await host.EndAsync($"{id}-b-c")).RuntimeStatus.ShouldBe(grandchild);
    }

    [Fact]
    [Conforms("An activity of a terminated instance runs on to its end; its result is dropped", Source.DurableTaskCore)]
    public async Task ActivityResult_AfterTermination_IsDropped()
    {
        using var release = new SemaphoreSlim(0);
        using var begun = new SemaphoreSlim(0);
        var host = await NewHost()
            .Orchestrator("Calls", c => c.CallActivityAsync<string>("Slow"))
            .Activity<string>("Slow", async (_, cancellation) =>
            {
                begun.Release();
                await release.WaitAsync(cancellation);
                return "late";
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Calls");
        await begun.WaitAsync();
        await host.Client.TerminateInstanceAsync(id, "enough");
        await host.EndAsync(id);

        release.Release();
        await host.StopAsync();

        (await host.EventsAsync(id)).ShouldBe(["ExecutionStarted", "TaskScheduled", "ExecutionTerminated", "ExecutionCompleted"]);
        (await host.Client.GetInstanceAsync(id, true))!.ReadOutputAs<string>().ShouldBe("enough");
    }

    private async Task HeldEventAsync(string id)
    {
        await Until.TrueAsync(async () =>
            await ScalarAsync<long>("SELECT count(*) FROM durable.new_events WHERE hub = $1 AND instance_id = $2 AND is_held", id) > 0);
    }
}
