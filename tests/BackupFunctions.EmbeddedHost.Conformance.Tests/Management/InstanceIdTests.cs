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
    public async Task Start_WithAnIdThatBreaksTheRules_IsRefused(string id)
    {
        var host = await HostAsync();

        await Should.ThrowAsync<ArgumentException>(() => StartAsync(host, id));
    }

    [Fact]
    public async Task Start_WithAnIdTooLong_IsRefused()
    {
        var host = await HostAsync();

        await Should.ThrowAsync<ArgumentException>(() => StartAsync(host, new string('i', 257)));
        (await StartAsync(host, new string('i', 256))).Length.ShouldBe(256);
    }

    [Fact]
    public async Task Start_OfARunningInstance_IsRefused()
    {
        var host = await HostAsync();
        await StartAsync(host, "running");

        await Should.ThrowAsync<OrchestrationAlreadyExistsException>(() => StartAsync(host, "running"));
    }

    [Fact]
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
