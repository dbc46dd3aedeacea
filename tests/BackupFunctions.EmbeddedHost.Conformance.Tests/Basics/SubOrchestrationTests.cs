using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Basics;

public sealed class SubOrchestrationTests(StateServer server) : EngineTest(server)
{
    [Fact]
    [Conforms("A sub-orchestration has its own instance, knows its parent, and its output is the value of the call", Source.DurableTaskDotnet)]
    public async Task SubOrchestration_Result_ReachesTheParent()
    {
        var host = await NewHost()
            .Orchestrator("Parent", c => c.CallSubOrchestratorAsync<string>("Child", "x", new SubOrchestrationOptions(instanceId: $"{c.InstanceId}-child")))
            .Orchestrator("Child", c => Task.FromResult($"{c.GetInput<string>()} {c.Parent!.Name} {c.Parent.InstanceId}"))
            .StartAsync();

        var end = await host.RunAsync("Parent");

        end.ReadOutputAs<string>().ShouldBe($"x Parent {end.InstanceId}");
        (await host.Client.GetInstanceAsync($"{end.InstanceId}-child"))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        (await host.EventsAsync(end.InstanceId)).ShouldBe(
            ["ExecutionStarted", "SubOrchestrationInstanceCreated", "SubOrchestrationInstanceCompleted", "ExecutionCompleted"]);
    }

    [Fact]
    [Conforms("A failed sub-orchestration is a TaskFailedException in the parent", Source.DurableTaskDotnet)]
    public async Task SubOrchestration_ThatFails_ThrowsInTheParent()
    {
        var host = await NewHost()
            .Orchestrator("Parent", async c =>
            {
                try
                {
                    return await c.CallSubOrchestratorAsync<string>("Child");
                }
                catch (TaskFailedException e)
                {
                    return e.FailureDetails.ErrorMessage;
                }
            })
            .Orchestrator<string>("Child", _ => throw new InvalidOperationException("child broke"))
            .StartAsync();

        (await host.RunAsync("Parent")).ReadOutputAs<string>().ShouldBe("child broke");
    }

    [Fact]
    [Conforms("A sub-orchestration without an id gets a deterministic new one", Source.DurableTaskDotnet)]
    public async Task SubOrchestration_WithoutId_GetsADifferentIdEachTime()
    {
        var host = await NewHost()
            .Orchestrator("Parent", async c => (string[])
                [await c.CallSubOrchestratorAsync<string>("Child"), await c.CallSubOrchestratorAsync<string>("Child")])
            .Orchestrator("Child", c => Task.FromResult(c.InstanceId))
            .StartAsync();

        (await host.RunAsync("Parent")).ReadOutputAs<string[]>()!.Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
    }

    [Fact]
    [Conforms("A sub-orchestration whose id is in use fails in the parent, which does not hang", Source.Own)]
    public async Task SubOrchestration_WithAnIdInUse_FailsInsteadOfHanging()
    {
        var host = await NewHost()
            .Orchestrator("Parent", c => c.CallSubOrchestratorAsync<string>("Waits", null, new SubOrchestrationOptions(instanceId: c.GetInput<string>())))
            .Orchestrator("Waits", c => c.WaitForExternalEvent<string>("never"))
            .StartAsync();
        var busy = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");

        var end = await host.RunAsync("Parent", busy);

        end.FailureDetails!.InnerFailure!.ErrorType.ShouldBe("OrchestrationAlreadyExists");
    }

    [Fact]
    [Conforms("A terminated sub-orchestration fails in the parent, which does not hang", Source.Own)]
    public async Task SubOrchestration_ThatIsTerminated_ThrowsInTheParent()
    {
        var host = await NewHost()
            .Orchestrator("Parent", c => c.CallSubOrchestratorAsync<string>("Waits", null, new SubOrchestrationOptions(instanceId: $"{c.InstanceId}-child")))
            .Orchestrator("Waits", c => c.WaitForExternalEvent<string>("never"))
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Parent");
        await host.UntilAsync($"{id}-child", found => found.IsRunning);

        await host.Client.TerminateInstanceAsync($"{id}-child", "enough");

        (await host.EndAsync(id)).FailureDetails!.InnerFailure!.ErrorType.ShouldBe("OrchestrationTerminated");
    }
}
