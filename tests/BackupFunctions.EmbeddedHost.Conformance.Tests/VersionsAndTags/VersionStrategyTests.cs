using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.VersionsAndTags;

public sealed class VersionStrategyTests(StateServer server) : EngineTest(server)
{
    [Theory]
    [InlineData("None", "1.0")]
    [InlineData("None", "3.0")]
    [InlineData("None", "")]
    [InlineData("Strict", "2.0")]
    [InlineData("CurrentOrOlder", "2.0")]
    [InlineData("CurrentOrOlder", "1.9")]
    [InlineData("CurrentOrOlder", "")]
    [Conforms("None runs every version, Strict its own, CurrentOrOlder its own and older ones", Source.DurableTaskDotnet)]
    public async Task Version_ThatMatches_Runs(string strategy, string version)
    {
        var host = await HostAsync("2.0", strategy, "Reject");

        (await host.RunAsync("V", null, Of(version))).ReadOutputAs<string>().ShouldBe(version);
    }

    [Theory]
    [InlineData("Strict", "1.0", "The orchestration version '1.0' does not match the worker version '2.0'.")]
    [InlineData("Strict", "3.0", "The orchestration version '3.0' does not match the worker version '2.0'.")]
    [InlineData("Strict", "", "The orchestration version '' does not match the worker version '2.0'.")]
    [InlineData("CurrentOrOlder", "2.0.1", "The orchestration version '2.0.1' is greater than the worker version '2.0'.")]
    [Conforms("With versionFailureStrategy Fail a mismatch ends the instance with VersionMismatch", Source.DurableTaskDotnet)]
    public async Task Version_ThatDoesNotMatch_FailsWhenAsked(string strategy, string version, string message)
    {
        var host = await HostAsync("2.0", strategy, "Fail");

        var end = await host.RunAsync("V", null, Of(version));

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        end.FailureDetails!.ErrorType.ShouldBe("VersionMismatch");
        end.FailureDetails.ErrorMessage.ShouldBe(message);
    }

    [Theory]
    [InlineData("Strict", "1.0", "1.0")]
    [InlineData("CurrentOrOlder", "2.0", "2.1")]
    [Conforms("With versionFailureStrategy Reject, the default, a mismatch waits for a host that it matches", Source.DurableTaskDotnet)]
    public async Task Version_ThatDoesNotMatch_IsLeftToAnotherHost(string strategy, string version, string other)
    {
        var here = await HostAsync("1.5", strategy, "Reject");
        var id = await here.Client.ScheduleNewOrchestrationInstanceAsync("V", Of(version));
        await LeftAsync(here);
        var before = await here.Client.GetInstanceAsync(id);

        var there = await HostAsync(other, strategy, "Reject");

        before!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Pending);
        (await there.EndAsync(id)).ReadOutputAs<string>().ShouldBe(version);
    }

    [Fact]
    [Conforms("Instances that are left to another host are not looked at again, and do not count as poisoned", Source.Own)]
    public async Task Version_ThatIsLeft_CostsNothingHowOftenItIsCalled()
    {
        var old = await HostAsync("1.0", "CurrentOrOlder", "Reject");
        var id = await old.Client.ScheduleNewOrchestrationInstanceAsync("V", Of("2.0"));
        await LeftAsync(old);
        for (var i = 0; i < 30; i++)
        {
            await old.Client.RaiseEventAsync(id, "call");
            await old.RunAsync("V", null, Of("1.0"));
        }

        (await ScalarAsync<int>("SELECT attempts FROM durable.instances WHERE hub = $1 AND instance_id = $2", id)).ShouldBe(0);
        old.Log.Lines.Count(line => line.Text.Contains("left to another host", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    [Conforms("An instance that no host matches can be terminated", Source.Own)]
    public async Task Version_ThatIsLeft_CanBeTerminated()
    {
        var host = await HostAsync("1.0", "CurrentOrOlder", "Reject");
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("V", Of("2.0"));
        await LeftAsync(host);

        await host.Client.TerminateInstanceAsync(id, "nobody runs it");

        (await host.EndAsync(id)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
    }

    [Fact]
    [Conforms("A host without a default version runs every version", Source.DurableTaskDotnet)]
    public async Task Host_WithoutVersion_RunsAll()
    {
        var host = await HostAsync(null, "CurrentOrOlder", "Fail");

        (await host.RunAsync("V", null, Of("9.0"))).ReadOutputAs<string>().ShouldBe("9.0");
        (await host.RunAsync("V")).ReadOutputAs<string>().ShouldBe("");
    }

    [Fact]
    [Conforms("A new instance without a version gets the host's defaultVersion", Source.DurableExtension)]
    public async Task Instance_WithoutVersion_GetsTheDefault()
    {
        var host = await HostAsync("2.0", "CurrentOrOlder", "Reject");

        (await host.RunAsync("V")).ReadOutputAs<string>().ShouldBe("2.0");
        (await host.RunAsync("V", null, new StartOrchestrationOptions { Version = TaskVersion.Unversioned })).ReadOutputAs<string>().ShouldBe("");
    }

    [Fact]
    [Conforms("A sub-orchestration gets the host's default version, not its parent's, unless its options name one", Source.DurableTaskDotnet)]
    public async Task SubOrchestration_GetsTheDefaultVersion()
    {
        var host = await NewHost(options => options.DefaultVersion = "2.0")
            .Orchestrator("Parent", async c =>
                $"{c.Version} {await c.CallSubOrchestratorAsync<string>("V")} " +
                await c.CallSubOrchestratorAsync<string>("V", null, new SubOrchestrationOptions { Version = "1.1" }))
            .Orchestrator("V", c => Task.FromResult(c.Version))
            .StartAsync();

        (await host.RunAsync("Parent", null, Of("1.0"))).ReadOutputAs<string>().ShouldBe("1.0 2.0 1.1");
    }

    [Fact]
    [Conforms("A sub-orchestration that fails by its version is not retried and fails in the parent", Source.DurableTaskDotnet)]
    public async Task SubOrchestration_OfAnotherVersion_FailsInTheParentWithoutRetry()
    {
        var retry = new RetryPolicy(5, TimeSpan.FromHours(1));
        var host = await NewHost(options => (options.DefaultVersion, options.VersionFailureStrategy) = ("2.0", VersionFailureStrategy.Fail))
            .Orchestrator("Parent", c => c.CallSubOrchestratorAsync<string>("V", null, new SubOrchestrationOptions(retry) { Version = "3.0" }))
            .Orchestrator("V", c => Task.FromResult(c.Version))
            .StartAsync();

        (await host.RunAsync("Parent")).FailureDetails!.InnerFailure!.ErrorType.ShouldBe("VersionMismatch");
    }

    [Fact]
    [Conforms("CompareVersionTo orders the instance's version against a given one", Source.DurableTaskDotnet)]
    public async Task CompareVersionTo_OrdersTheInstancesVersion()
    {
        var host = await NewHost()
            .Orchestrator("Compares", c => Task.FromResult(new[] { c.CompareVersionTo("1.9"), c.CompareVersionTo("1.10"), c.CompareVersionTo("2.0") }))
            .StartAsync();

        var compared = (await host.RunAsync("Compares", null, Of("1.10"))).ReadOutputAs<int[]>()!;

        compared.Select(Math.Sign).ShouldBe([1, 0, -1]);
    }

    private static StartOrchestrationOptions Of(string version) => new() { Version = version };

    private static Task LeftAsync(EngineHost host) =>
        Until.TrueAsync(() => host.Log.Lines.Any(line => line.Text.Contains("left to another host", StringComparison.Ordinal)));

    private Task<EngineHost> HostAsync(string? version, string strategy, string failure) => NewHost(options =>
        {
            options.DefaultVersion = version;
            options.VersionMatchStrategy = Enum.Parse<VersionMatchStrategy>(strategy);
            options.VersionFailureStrategy = Enum.Parse<VersionFailureStrategy>(failure);
        })
        .Orchestrator("V", c => Task.FromResult(c.Version))
        .StartAsync();
}
