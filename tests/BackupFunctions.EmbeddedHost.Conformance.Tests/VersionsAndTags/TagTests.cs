using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.VersionsAndTags;

public sealed class TagTests(StateServer server) : EngineTest(server)
{
    private static readonly StartOrchestrationOptions Started = new() { Tags = Tags(("team", "db"), ("kind", "start")) };

    [Fact]
    [Conforms("Tags given at the start survive ContinueAsNew", Source.DurableTaskCore)]
    public async Task Tags_AfterContinueAsNew_AreTheSame()
    {
        var host = await NewHost()
            .Orchestrator("Again", c =>
            {
                if (c.GetInput<int>() < 2)
                {
                    c.ContinueAsNew(c.GetInput<int>() + 1);
                }

                return Task.FromResult(1);
            })
            .StartAsync();

        (await host.RunAsync("Again", 0, Started)).Tags["team"].ShouldBe("db");
    }

    [Fact]
    [Conforms("A sub-orchestration has its call's tags and inherits the others of its parent", Source.DurableTaskCore)]
    public async Task Tags_OfASubOrchestration_AreMergedWithTheParents()
    {
        var options = new SubOrchestrationOptions(new TaskOptions(tags: Tags(("kind", "child"), ("own", "yes"))), "tagged-child");
        var host = await NewHost()
            .Orchestrator("Parent", c => c.CallSubOrchestratorAsync<int>("Child", null, options))
            .Orchestrator("Child", _ => Task.FromResult(1))
            .StartAsync();

        await host.RunAsync("Parent", null, Started);

        var tags = (await host.Client.GetInstanceAsync("tagged-child"))!.Tags;
        tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}").ShouldBe(["kind=child", "own=yes", "team=db"]);
    }

    [Fact]
    [Conforms("An activity's tags are in its TaskScheduled event", Source.DurableTaskCore)]
    public async Task Tags_OfAnActivity_AreInTheHistory()
    {
        var host = await NewHost()
            .Orchestrator("Calls", c => c.CallActivityAsync<int>("One", null, new TaskOptions(tags: Tags(("cost", "low")))))
            .Activity<string>("One", _ => 1)
            .StartAsync();

        var end = await host.RunAsync("Calls");

        var scheduled = await ScalarAsync<string>(
            "SELECT event::jsonb -> 'Tags' ->> 'cost' FROM durable.history WHERE hub = $1 AND instance_id = $2 AND event_type = 'TaskScheduled'",
            end.InstanceId);
        scheduled.ShouldBe("low");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Conforms("A restarted instance has the tags of the first run", Source.Own)]
    public async Task Tags_AfterARestart_AreTheSame(bool withNewId)
    {
        var host = await NewHost().Orchestrator("One", _ => Task.FromResult(1)).StartAsync();
        var end = await host.RunAsync("One", null, Started);

        var again = await host.EndAsync(await host.Client.RestartAsync(end.InstanceId, withNewId));

        again.Tags["kind"].ShouldBe("start");
    }

    private static Dictionary<string, string> Tags(params (string Key, string Value)[] tags) =>
        tags.ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal);
}
