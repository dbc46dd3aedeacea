using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.NonDeterminism;

/// <summary>Orchestrators that break the rules fail with a reason; they do not hang.</summary>
public sealed class DeterminismTests(StateServer server) : EngineTest(server)
{
    private bool _isRedeployed;

    [Fact]
    [Conforms("A replay that asks for another activity fails the instance and names what the history has", Source.DurableTaskCore)]
    public async Task Replay_ThatCallsAnotherActivity_FailsTheInstance()
    {
        var end = await RedeployAsync(async c =>
        {
            await c.CallActivityAsync(_isRedeployed ? "New" : "Old");
            return await c.WaitForExternalEvent<string>("go");
        });

        end.FailureDetails!.ErrorMessage.ShouldStartWith("Non-Deterministic workflow detected: A previous execution of this orchestration scheduled an activity task named 'Old' with sequence ID 0");
        end.FailureDetails.ErrorMessage.ShouldEndWith("Was a change made to the orchestrator code after this instance had already started running?");
    }

    [Fact]
    [Conforms("A replay that asks for less than the history has fails the instance", Source.DurableTaskCore)]
    public async Task Replay_ThatDoesNotCallAnyMore_FailsTheInstance()
    {
        var end = await RedeployAsync(async c =>
        {
            if (!_isRedeployed)
            {
                await c.CallActivityAsync("Old");
            }

            return await c.WaitForExternalEvent<string>("go");
        });

        end.FailureDetails!.ErrorMessage.ShouldContain("hasn't (yet?) scheduled this task");
    }

    [Fact]
    [Conforms("A replay that asks for another kind of action fails the instance", Source.DurableTaskCore)]
    public async Task Replay_ThatMakesATimerInstead_FailsTheInstance()
    {
        var end = await RedeployAsync(async c =>
        {
            await (_isRedeployed ? c.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None) : c.CallActivityAsync("Old"));
            return await c.WaitForExternalEvent<string>("go");
        });

        end.FailureDetails!.ErrorMessage.ShouldContain("instead produced a timer task");
    }

    [Fact]
    [Conforms("Surplus new actions of a replay are scheduled, not detected", Source.DurableTaskCore)]
    public async Task Replay_ThatCallsMore_GoesOn()
    {
        var end = await RedeployAsync(async c =>
        {
            await c.CallActivityAsync("Old");
            var go = await c.WaitForExternalEvent<string>("go");
            if (_isRedeployed)
            {
                await c.CallActivityAsync("New");
            }

            return go;
        });

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
    }

    [Fact]
    [Conforms("Awaiting what is not durable fails the instance with the worker's message, it does not hang", Source.DotnetWorker)]
    public async Task Await_OfATaskThatIsNotDurable_FailsAtOnce()
    {
        var host = await NewHost()
            .Orchestrator("Illegal", async _ =>
            {
                await Task.Delay(50);
                return 1;
            })
            .StartAsync();

        var end = await host.RunAsync("Illegal");

        end.FailureDetails!.ErrorType.ShouldBe(typeof(InvalidOperationException).FullName);
        end.FailureDetails.ErrorMessage.ShouldStartWith("An invalid asynchronous invocation was detected.");
    }

    [Fact]
    [Conforms("An illegal await beside a durable wait is found too", Source.DotnetWorker)]
    public async Task Await_OfATaskThatIsNotDurable_BesideAnOpenWait_FailsToo()
    {
        var host = await NewHost()
            .Orchestrator("Illegal", async c =>
            {
                _ = c.WaitForExternalEvent<string>("never");
                await Task.Delay(50);
                return 1;
            })
            .StartAsync();

        var end = await host.RunAsync("Illegal");

        end.FailureDetails!.ErrorMessage.ShouldStartWith("An invalid asynchronous invocation was detected.");
    }

    [Fact]
    [Conforms("Leaving the orchestrator's thread by ConfigureAwait(false) fails the instance", Source.DotnetWorker)]
    public async Task Context_OnAnotherThread_FailsTheInstance()
    {
        var host = await NewHost()
            .Orchestrator("Leaves", async c =>
            {
                await c.CallActivityAsync("Old").ConfigureAwait(false);
                return await c.CallActivityAsync<string>("Old");
            })
            .Activity<string>("Old", _ => null)
            .StartAsync();

        var end = await host.RunAsync("Leaves");

        end.FailureDetails!.ErrorMessage.ShouldStartWith("An invalid asynchronous invocation was detected.");
    }

    [Fact]
    [Conforms("An orchestrator that throws before its first await fails the instance", Source.DurableTaskCore)]
    public async Task Orchestrator_ThatThrowsBeforeItsFirstAwait_Fails()
    {
        var host = await NewHost().Orchestrator<int>("Throws", _ => throw new IOException("early")).StartAsync();

        (await host.RunAsync("Throws")).FailureDetails!.ErrorMessage.ShouldBe("early");
    }

    private async Task<OrchestrationMetadata> RedeployAsync(
        Func<TaskOrchestrationContext, Task<string>> orchestrator)
    {
        var host = await NewHost()
            .Orchestrator("Changes", orchestrator)
            .Activity<string>("Old", _ => null)
            .Activity<string>("New", _ => null)
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Changes");
        await Until.TrueAsync(async () => (await host.EventsAsync(id)).Contains("TaskCompleted", StringComparer.Ordinal));

        _isRedeployed = true;
        await host.Client.RaiseEventAsync(id, "go", "gone");
        return await host.EndAsync(id);
    }
}
