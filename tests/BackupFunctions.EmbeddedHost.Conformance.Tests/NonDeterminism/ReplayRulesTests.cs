using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.NonDeterminism;

/// <summary>What a changed orchestrator may and may not do to instances in flight.</summary>
public sealed class ReplayRulesTests(StateServer server) : EngineTest(server)
{
    private bool _isRedeployed;

    [Theory]
    [InlineData("name in another case")]
    [InlineData("input")]
    [InlineData("version")]
    [InlineData("timer's time")]
    [Conforms("Inputs, versions, due times and the case of names are not compared on replay", Source.DurableTaskCore)]
    public async Task Change_ThatIsNotCompared_GoesOn(string what)
    {
        var end = await RedeployAsync(async c =>
        {
            await (what switch
            {
                "name in another case" => c.CallActivityAsync(_isRedeployed ? "OLD" : "Old"),
                "input" => c.CallActivityAsync("Old", _isRedeployed ? "b" : "a"),
                "version" => c.CallActivityAsync("Old", "a", new TaskOptions { Version = _isRedeployed ? "2" : "1" }),
                _ => c.CreateTimer(TimeSpan.FromMilliseconds(_isRedeployed ? 70_000 : 10), CancellationToken.None),
            });
            return await c.WaitForExternalEvent<string>("go");
        });

        end.ReadOutputAs<string>().ShouldBe("gone");
    }

    [Theory]
    [InlineData("sub-orchestration", "a sub-orchestration task named 'Child'")]
    [InlineData("event", "an external event task named 'a'")]
    [InlineData("timer", "a timer task")]
    [Conforms("A sub-orchestration, an event or a timer that a replay does not ask for fails the instance by its name", Source.DurableTaskCore)]
    public async Task Change_OfAnyKindOfAction_IsFound(string what, string named)
    {
        var end = await RedeployAsync(async c =>
        {
            switch (what)
            {
                case "sub-orchestration":
                    await c.CallSubOrchestratorAsync(_isRedeployed ? "OtherChild" : "Child");
                    break;
                case "event":
                    c.SendEvent("nobody", _isRedeployed ? "b" : "a", 1);
                    break;
                default:
                    await (_isRedeployed ? c.CallActivityAsync("Old") : c.CreateTimer(TimeSpan.FromMilliseconds(10), CancellationToken.None));
                    break;
            }

            return await c.WaitForExternalEvent<string>("go");
        });

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        end.FailureDetails!.ErrorMessage.ShouldContain($"scheduled {named} with sequence ID 0");
    }

    [Fact]
    [Conforms("One counter numbers activities, timers, sub-orchestrations, events and the end", Source.DurableTaskCore)]
    public async Task ActionIds_ComeFromOneCounter()
    {
        var host = await NewHost()
            .Orchestrator("All", async c =>
            {
                await c.CallActivityAsync("Old");
                await c.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
                c.SendEvent("nobody", "e", 1);
                await c.CallSubOrchestratorAsync("Child");
                return 1;
            })
            .Orchestrator("Child", _ => Task.FromResult(1))
            .Activity<string>("Old", _ => null)
            .StartAsync();

        var end = await host.RunAsync("All");

        var history = (await host.History.GetAsync(end.InstanceId, CancellationToken.None))!;
        history.Where(e => e.EventId >= 0).Select(e => $"{e.EventId} {e.EventType}").ShouldBe(
            ["0 TaskScheduled", "1 TimerCreated", "2 EventSent", "3 SubOrchestrationInstanceCreated", "4 ExecutionCompleted"]);
    }

    [Fact]
    [Conforms("NewGuid is UUID version 5 over instance id, time and a counter, different at each call", Source.DurableTaskDotnet)]
    public async Task NewGuid_IsDifferentAtEachCall()
    {
        var host = await NewHost()
            .Orchestrator("Ids", c => Task.FromResult(Enumerable.Range(0, 20).Select(_ => c.NewGuid()).ToArray()))
            .StartAsync();

        var ids = (await host.RunAsync("Ids")).ReadOutputAs<Guid[]>()!;

        ids.Distinct().Count().ShouldBe(20);
        ids.ShouldAllBe(id => id.Version == 5);
    }

    [Fact]
    [Conforms("IsReplaying is true for the past and false for what is new", Source.DurableTaskCore)]
    public async Task IsReplaying_TellsThePastFromTheNew()
    {
        var seen = new List<bool>();
        var host = await NewHost()
            .Orchestrator("Tells", async c =>
            {
                seen.Add(c.IsReplaying);
                await c.CallActivityAsync("Old");
                seen.Add(c.IsReplaying);
                return 1;
            })
            .Activity<string>("Old", _ => null)
            .StartAsync();

        await host.RunAsync("Tells");

        seen.ShouldBe([false, true, false]);
    }

    private async Task<OrchestrationMetadata> RedeployAsync(Func<TaskOrchestrationContext, Task<string>> orchestrator)
    {
        var host = await NewHost()
            .Orchestrator("Changes", orchestrator)
            .Orchestrator("Child", _ => Task.FromResult(1))
            .Orchestrator("OtherChild", _ => Task.FromResult(1))
            .Activity<string>("Old", _ => null)
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Changes");
        await Until.TrueAsync(async () => (await host.EventsAsync(id))
            .Exists(type => type is "TaskCompleted" or "TimerFired" or "SubOrchestrationInstanceCompleted" or "EventSent"));

        _isRedeployed = true;
        await host.Client.RaiseEventAsync(id, "go", "gone");
        return await host.EndAsync(id);
    }
}
