using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.DurableTask.Core.Exceptions;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Management;

public sealed class InstanceIdTests(StateServer server) : EngineTest(server)
{
    [Theory]
    [InlineData("@entity")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    [Conforms("An instance id must not begin with @ or contain / \\ # ? or control characters", Source.DurableExtension)]
    public async Task Start_WithAnIdThatBreaksTheRules_IsRefused(string id)
    {
        var host = await HostAsync();

        await Should.ThrowAsync<ArgumentException>(() => StartAsync(host, id));
    }

    [Fact]
    [Conforms("An instance id has at most 256 characters", Source.DurableExtension)]
    public async Task Start_WithAnIdTooLong_IsRefused()
    {
        var host = await HostAsync();

        await Should.ThrowAsync<ArgumentException>(() => StartAsync(host, new string('i', 257)));
        (await StartAsync(host, new string('i', 256))).Length.ShouldBe(256);
    }

    [Fact]
    [Conforms("A start with the id of a running instance throws OrchestrationAlreadyExistsException", Source.DurableExtension)]
    public async Task Start_OfARunningInstance_IsRefused()
    {
        var host = await HostAsync();
        await StartAsync(host, "running");

        await Should.ThrowAsync<OrchestrationAlreadyExistsException>(() => StartAsync(host, "running"));
    }

    [Fact]
    [Conforms("A start with the id of an ended instance replaces it and its history", Source.DurableExtension)]
    public async Task Start_OfAnEndedInstance_ReplacesItWithItsHistory()
    {
        var host = await HostAsync();
        await StartAsync(host, "again");
        await host.Client.RaiseEventAsync("again", "go", "first");
        await host.EndAsync("again");

        await StartAsync(host, "again");
        var second = await host.UntilAsync("again", found => found.IsRunning);

        second.SerializedOutput.ShouldBeNull();
        (await host.EventsAsync("again")).ShouldBe(["ExecutionStarted"]);
        await host.Client.RaiseEventAsync("again", "go", "second");
        (await host.EndAsync("again")).ReadOutputAs<string>().ShouldBe("second");
    }

    [Fact]
    [Conforms("WithDedupeStatuses names the states that forbid a start, all others are replaced", Source.DurableTaskDotnet)]
    public async Task Start_WithDedupeStatuses_FollowsThem()
    {
        var host = await HostAsync();
        await StartAsync(host, "dedupe");
        await host.UntilAsync("dedupe", found => found.IsRunning);

        await StartAsync(host, "dedupe", OrchestrationRuntimeStatus.Completed);
        await host.Client.RaiseEventAsync("dedupe", "go", "done");
        await host.EndAsync("dedupe");

        await Should.ThrowAsync<OrchestrationAlreadyExistsException>(
            () => StartAsync(host, "dedupe", OrchestrationRuntimeStatus.Completed));
    }

    [Fact]
    [Conforms("Of several starts of one id at once exactly one wins", Source.DurableTaskSql)]
    public async Task Start_ByManyAtOnce_CreatesOneInstance()
    {
        var host = await HostAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            try
            {
                await StartAsync(host, "race");
                return true;
            }
            catch (OrchestrationAlreadyExistsException)
            {
                return false;
            }
        }));

        outcomes.Count(started => started).ShouldBe(1);
    }

    private Task<EngineHost> HostAsync() =>
        NewHost().Orchestrator("Waits", c => c.WaitForExternalEvent<string>("go")).StartAsync();

    private static Task<string> StartAsync(EngineHost host, string id, params OrchestrationRuntimeStatus[] dedupe)
    {
        var options = new StartOrchestrationOptions(id);
        return host.Client.ScheduleNewOrchestrationInstanceAsync(
            "Waits", dedupe.Length > 0 ? options.WithDedupeStatuses(dedupe) : options);
    }
}
