using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Management;

/// <summary>Read, list, purge, restart.</summary>
public sealed class ManagementTests(StateServer server) : EngineTest(server)
{
    [Fact]
    [Conforms("An unknown instance is null, waiting for it is an ArgumentException", Source.DurableTaskDotnet)]
    public async Task Get_OfAnUnknownInstance_IsNull()
    {
        var host = await HostAsync();

        (await host.Client.GetInstanceAsync("unknown")).ShouldBeNull();
        (await host.History.GetAsync("unknown", CancellationToken.None)).ShouldBeNull();
        await Should.ThrowAsync<ArgumentException>(() => host.Client.WaitForInstanceCompletionAsync("unknown", CancellationToken.None));
    }

    [Fact]
    [Conforms("Metadata read without inputs and outputs has tags and refuses ReadOutputAs", Source.DurableTaskDotnet)]
    public async Task Get_WithoutData_RefusesToReadIt()
    {
        var host = await HostAsync();
        var end = await host.RunAsync("Echo", "x", new StartOrchestrationOptions { Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = "db" } });

        var bare = await host.Client.GetInstanceAsync(end.InstanceId);

        bare!.Tags["team"].ShouldBe("db");
        bare.SerializedOutput.ShouldBeNull();
        Should.Throw<InvalidOperationException>(() => bare.ReadOutputAs<string>());
    }

    [Fact]
    [Conforms("Queries filter by prefix and status and page by continuation token, each instance once", Source.DurableTaskDotnet)]
    public async Task List_WithPagesAndFilters_GivesEachInstanceOnce()
    {
        var host = await HostAsync();
        for (var i = 0; i < 7; i++)
        {
            await host.RunAsync("Echo", i, new StartOrchestrationOptions($"page-{i}"));
        }

        await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions("page-w"));
        await host.RunAsync("Echo", 1, new StartOrchestrationOptions("other"));
        var query = new OrchestrationQuery(
            InstanceIdPrefix: "page-", Statuses: [OrchestrationRuntimeStatus.Completed], PageSize: 3, FetchInputsAndOutputs: true);

        var pages = new List<int>();
        var outputs = new List<int>();
        await foreach (var page in host.Client.GetAllInstancesAsync(query).AsPages())
        {
            pages.Add(page.Values.Count);
            outputs.AddRange(page.Values.Select(found => found.ReadOutputAs<int>()));
        }

        pages.ShouldBe([3, 3, 1]);
        outputs.ShouldBe([0, 1, 2, 3, 4, 5, 6]);
        (await host.Client.ListInstanceIdsAsync(pageSize: 2)).Values.ShouldBe(["other", "page-0"]);
        (await host.Client.ListInstanceIdsAsync(pageSize: 100, lastInstanceKey: "page-5")).Values.ShouldBe(["page-6"]);
    }

    [Fact]
    [Conforms("A continuation token of nobody is an ArgumentException", Source.Own)]
    public async Task List_WithAForeignToken_IsRefused()
    {
        var host = await HostAsync();

        await Should.ThrowAsync<ArgumentException>(async () =>
        {
            await foreach (var page in host.Client.GetAllInstancesAsync().AsPages("no token"))
            {
                page.ShouldNotBeNull();
            }
        });
    }

    [Fact]
    [Conforms("Purge of a running or unknown instance deletes nothing and counts 0", Source.DurableTaskDotnet)]
    public async Task Purge_OfARunningInstance_DeletesNothing()
    {
        var host = await HostAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");

        (await host.Client.PurgeInstanceAsync(id, CancellationToken.None)).PurgedInstanceCount.ShouldBe(0);
        (await host.Client.PurgeInstanceAsync("unknown", CancellationToken.None)).PurgedInstanceCount.ShouldBe(0);
        (await host.Client.GetInstanceAsync(id)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    [Conforms("Purge deletes an ended instance with its history, sub-orchestrations only when recursive", Source.DurableTaskDotnet)]
    public async Task Purge_OfAnEndedInstance_DeletesItAndItsChildrenWhenAsked(bool recursive, int count)
    {
        var host = await HostAsync();
        var end = await host.RunAsync("Parent");

        var result = await host.Client.PurgeInstanceAsync(end.InstanceId, new PurgeInstanceOptions(recursive));

        result.PurgedInstanceCount.ShouldBe(count);
        (await host.History.GetAsync(end.InstanceId, CancellationToken.None)).ShouldBeNull();
        (await host.Client.GetInstanceAsync($"{end.InstanceId}-child") is null).ShouldBe(recursive);
    }

    [Fact]
    [Conforms("Purge by filter deletes ended instances of the given times and states", Source.DurableTaskDotnet)]
    public async Task Purge_ByFilter_DeletesWhatMatches()
    {
        var host = await HostAsync();
        await host.RunAsync("Echo", 1, new StartOrchestrationOptions("old"));
        var between = TimeProvider.System.GetUtcNow();
        await host.RunAsync("Echo", 2, new StartOrchestrationOptions("new"));
        var waiting = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");

        var purged = await host.Client.PurgeInstancesAsync(null, between, CancellationToken.None);
        var terminated = await host.Client.PurgeInstancesAsync(null, null, [OrchestrationRuntimeStatus.Terminated], CancellationToken.None);

        purged.PurgedInstanceCount.ShouldBe(1);
        purged.IsComplete.ShouldBe(true);
        terminated.PurgedInstanceCount.ShouldBe(0);
        (await host.Client.GetInstanceAsync("old")).ShouldBeNull();
        (await host.Client.GetInstanceAsync("new")).ShouldNotBeNull();
        (await host.Client.GetInstanceAsync(waiting)).ShouldNotBeNull();
    }

    [Fact]
    [Conforms("Restart runs the stored input again with the same or a new id", Source.DurableTaskDotnet)]
    public async Task Restart_RunsTheStoredInputAgain()
    {
        var host = await HostAsync();
        var end = await host.RunAsync("Echo", "again");

        var copy = await host.Client.RestartAsync(end.InstanceId, restartWithNewInstanceId: true);
        var same = await host.Client.RestartAsync(end.InstanceId);

        copy.Equals(end.InstanceId, StringComparison.Ordinal).ShouldBeFalse();
        same.ShouldBe(end.InstanceId);
        (await host.EndAsync(copy)).ReadOutputAs<string>().ShouldBe("again");
        (await host.EndAsync(same)).ReadOutputAs<string>().ShouldBe("again");
    }

    [Fact]
    [Conforms("Restart of an unknown id is ArgumentException, of a running one with the same id InvalidOperationException", Source.DurableTaskDotnet)]
    public async Task Restart_OfAnUnknownOrRunningInstance_IsRefused()
    {
        var host = await HostAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");

        await Should.ThrowAsync<ArgumentException>(() => host.Client.RestartAsync("unknown"));
        await Should.ThrowAsync<InvalidOperationException>(() => host.Client.RestartAsync(id));
    }

    [Fact]
    [Conforms("The history has names, ids, results and the final status", Source.DurableExtension)]
    public async Task History_ShowsWhatHappenedWithResults()
    {
        var host = await HostAsync();
        var end = await host.RunAsync("Parent");

        var history = await host.History.GetAsync(end.InstanceId, CancellationToken.None);

        var created = history!.Single(e => e.EventType is "SubOrchestrationInstanceCreated");
        var completed = history!.Single(e => e.EventType is "SubOrchestrationInstanceCompleted");
        created.Name.ShouldBe("Echo");
        created.InstanceId.ShouldBe($"{end.InstanceId}-child");
        completed.ScheduledId.ShouldBe(created.EventId);
        completed.Result.ShouldBe("\"c\"");
        history![^2].Status.ShouldBe("Completed");
    }

    private Task<EngineHost> HostAsync() => NewHost()
        .Orchestrator("Echo", c => Task.FromResult(c.GetInput<object>()))
        .Orchestrator("Waits", c => c.WaitForExternalEvent<string>("go"))
        .Orchestrator("Parent", c => c.CallSubOrchestratorAsync<string>("Echo", "c", new SubOrchestrationOptions(instanceId: $"{c.InstanceId}-child")))
        .StartAsync();
}
