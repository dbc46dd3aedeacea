using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Rewind;

public sealed class RewindRulesTests(StateServer server) : EngineTest(server)
{
    private int _brokenUntil = 1;
    private int _runs;

    [Fact]
    [Conforms("An instance can be rewound as often as it fails", Source.DurableTaskCore)]
    public async Task Rewind_Twice_GoesOnTwice()
    {
        _brokenUntil = 2;
        var host = await HostAsync(c => c.CallActivityAsync<string>("Broken"));
        var id = (await host.RunAsync("Flow")).InstanceId;

        await host.Client.RewindInstanceAsync(id, "first");
        var again = await host.EndAsync(id);
        await host.Client.RewindInstanceAsync(id, "second");

        again.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("run 3");
    }

    [Fact]
    [Conforms("A rewound instance has a new execution id", Source.DurableTaskCore)]
    public async Task Rewind_GivesANewExecutionId()
    {
        var host = await HostAsync(c => c.CallActivityAsync<string>("Broken"));
        var id = (await host.RunAsync("Flow")).InstanceId;
        var before = await ExecutionAsync(id);

        await host.Client.RewindInstanceAsync(id, "why");
        await host.EndAsync(id);

        string.Equals(await ExecutionAsync(id), before, StringComparison.Ordinal).ShouldBeFalse();
    }

    [Fact]
    [Conforms("Rewind reaches a failed sub-orchestration behind a retry policy", Source.Own)]
    public async Task Rewind_OfASubOrchestrationWithRetries_GoesOn()
    {
        _brokenUntil = 2;
        var retry = new RetryPolicy(2, TimeSpan.FromMilliseconds(10));
        var host = await HostAsync(c => c.CallSubOrchestratorAsync<string>("Child", null, new SubOrchestrationOptions(retry)));
        var failed = await host.RunAsync("Flow");
        failed.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);

        await host.Client.RewindInstanceAsync(failed.InstanceId, "mended");

        (await host.EndAsync(failed.InstanceId)).ReadOutputAs<string>().ShouldBe("run 3");
    }

    [Fact]
    [Conforms("Rewind reaches two levels of sub-orchestrations down", Source.DurableTaskCore)]
    public async Task Rewind_OfAGrandchild_GoesOn()
    {
        var host = await HostAsync(c => c.CallSubOrchestratorAsync<string>("Middle"));
        var failed = await host.RunAsync("Flow");

        await host.Client.RewindInstanceAsync(failed.InstanceId, "mended");

        (await host.EndAsync(failed.InstanceId)).ReadOutputAs<string>().ShouldBe("run 2");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Conforms("A terminated or completed instance cannot be rewound", Source.DurableTaskDotnet)]
    public async Task Rewind_OfAnInstanceThatEndedOtherwise_IsRefused(bool terminated)
    {
        _brokenUntil = 0;
        var host = await HostAsync(async c => terminated ? await c.WaitForExternalEvent<string>("never") : "done");
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Flow");
        if (terminated)
        {
            await host.Client.TerminateInstanceAsync(id);
        }

        await host.EndAsync(id);

        await Should.ThrowAsync<InvalidOperationException>(() => host.Client.RewindInstanceAsync(id, "why"));
    }

    private Task<EngineHost> HostAsync(Func<TaskOrchestrationContext, Task<string>> flow) => NewHost()
        .Orchestrator("Flow", flow)
        .Orchestrator("Middle", c => c.CallSubOrchestratorAsync<string>("Child"))
        .Orchestrator("Child", c => c.CallActivityAsync<string>("Broken"))
        .Activity<string>("Broken", _ => ++_runs <= _brokenUntil ? throw new IOException($"run {_runs}") : $"run {_runs}")
        .StartAsync();

    private Task<string?> ExecutionAsync(string id) =>
        ScalarAsync<string>("SELECT execution_id FROM durable.instances WHERE hub = $1 AND instance_id = $2", id);
}
