using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Management;

public sealed class QueryTests(StateServer server) : EngineTest(server)
{
    [Fact]
    [Conforms("An instance without an id gets a new GUID in 32 digits", Source.DurableExtension)]
    public async Task Start_WithoutAnId_GetsAGuid()
    {
        var host = await HostAsync();

        var ids = new[]
        {
            await host.Client.ScheduleNewOrchestrationInstanceAsync("Echo", 1),
            await host.Client.ScheduleNewOrchestrationInstanceAsync("Echo", 1),
        };

        ids.Select(id => Guid.TryParseExact(id, "N", out _)).ShouldAllBe(isGuid => isGuid);
        string.Equals(ids[0], ids[1], StringComparison.Ordinal).ShouldBeFalse();
    }

    [Fact]
    [Conforms("A query takes instances created within its times, both ends included", Source.DurableTaskDotnet)]
    public async Task Query_ByCreation_TakesWhatLiesBetween()
    {
        var host = await HostAsync();
        var first = await host.RunAsync("Echo", 1, new StartOrchestrationOptions("a"));
        var second = await host.RunAsync("Echo", 2, new StartOrchestrationOptions("b"));
        await host.RunAsync("Echo", 3, new StartOrchestrationOptions("c"));

        (await IdsAsync(host, new OrchestrationQuery(CreatedFrom: first.CreatedAt, CreatedTo: second.CreatedAt))).ShouldBe(["a", "b"]);
        (await IdsAsync(host, new OrchestrationQuery(CreatedFrom: second.CreatedAt))).ShouldBe(["b", "c"]);
    }

    [Fact]
    [Conforms("A query for several states takes instances in any of them", Source.DurableTaskDotnet)]
    public async Task Query_ByStates_TakesAnyOfThem()
    {
        var host = await HostAsync();
        await host.RunAsync("Echo", 1, new StartOrchestrationOptions("done"));
        await host.RunAsync("Fails", 1, new StartOrchestrationOptions("failed"));
        await host.Client.ScheduleNewOrchestrationInstanceAsync(
            "Echo", new StartOrchestrationOptions("pending", TimeProvider.System.GetUtcNow().AddHours(1)));

        (await IdsAsync(host, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Pending])))
            .ShouldBe(["failed", "pending"]);
    }

    [Fact]
    [Conforms("A query for another task hub is empty", Source.DurableTaskDotnet)]
    public async Task Query_ForAnotherHub_IsEmpty()
    {
        var host = await HostAsync();
        await host.RunAsync("Echo", 1, new StartOrchestrationOptions("a"));

        (await IdsAsync(host, new OrchestrationQuery(TaskHubNames: ["elsewhere"]))).ShouldBeEmpty();
        (await IdsAsync(host, new OrchestrationQuery(TaskHubNames: [Hub]))).ShouldBe(["a"]);
    }

    [Fact]
    [Conforms("ListInstanceIds lists ended instances by state and completion time", Source.DurableTaskDotnet)]
    public async Task ListIds_FiltersByStateAndCompletion()
    {
        var host = await HostAsync();
        await host.RunAsync("Echo", 1, new StartOrchestrationOptions("done"));
        await host.RunAsync("Fails", 1, new StartOrchestrationOptions("failed"));
        var now = TimeProvider.System.GetUtcNow().AddMinutes(1);

        (await host.Client.ListInstanceIdsAsync([OrchestrationRuntimeStatus.Failed])).Values.ShouldBe(["failed"]);
        (await host.Client.ListInstanceIdsAsync(completedTimeTo: now)).Values.ShouldBe(["done", "failed"]);
        (await host.Client.ListInstanceIdsAsync(completedTimeFrom: now)).Values.ShouldBeEmpty();
    }

    [Fact]
    [Conforms("A prefix is literal: its special characters are no pattern", Source.Own)]
    public async Task Query_ByPrefix_IsLiteral()
    {
        var host = await HostAsync();
        await host.RunAsync("Echo", 1, new StartOrchestrationOptions("a_b"));
        await host.RunAsync("Echo", 1, new StartOrchestrationOptions("axb"));

        (await IdsAsync(host, new OrchestrationQuery(InstanceIdPrefix: "a_"))).ShouldBe(["a_b"]);
    }

    [Fact]
    [Conforms("Deduplication by a state that no instance can be in is an ArgumentException", Source.DurableTaskDotnet)]
    public async Task Dedupe_ByAnUnknownState_IsRefused()
    {
        var host = await HostAsync();

        await Should.ThrowAsync<ArgumentException>(() => host.Client.ScheduleNewOrchestrationInstanceAsync(
            "Echo", 1, new StartOrchestrationOptions("x") { DedupeStatuses = ["Runing"] }));
        await Should.ThrowAsync<ArgumentException>(() => host.Client.ScheduleNewOrchestrationInstanceAsync(
            "Echo", 1, new StartOrchestrationOptions("x").WithDedupeStatuses(OrchestrationRuntimeStatus.ContinuedAsNew)));
    }

    [Fact]
    [Conforms("A restart with a new id leaves the first run alone, one with the same id replaces it", Source.DurableTaskDotnet)]
    public async Task Restart_LeavesOrReplacesTheFirstRun()
    {
        var host = await HostAsync();
        var first = await host.RunAsync("Echo", 1, new StartOrchestrationOptions("first"));

        var copy = await host.EndAsync(await host.Client.RestartAsync("first", restartWithNewInstanceId: true));
        var kept = await host.Client.GetInstanceAsync("first");
        await host.Client.RestartAsync("first");
        var replaced = await host.EndAsync("first");

        copy.Name.ShouldBe("Echo");
        kept!.CreatedAt.ShouldBe(first.CreatedAt);
        replaced.CreatedAt.ShouldBeGreaterThan(first.CreatedAt);
        (await IdsAsync(host, new OrchestrationQuery())).Count.ShouldBe(2);
    }

    private static async Task<List<string>> IdsAsync(EngineHost host, OrchestrationQuery query)
    {
        var ids = new List<string>();
        await foreach (var found in host.Client.GetAllInstancesAsync(query))
        {
            ids.Add(found.InstanceId);
        }

        return ids;
    }

    private Task<EngineHost> HostAsync() => NewHost()
        .Orchestrator("Echo", c => Task.FromResult(c.GetInput<int>()))
        .Orchestrator<int>("Fails", _ => throw new IOException("always"))
        .StartAsync();
}
