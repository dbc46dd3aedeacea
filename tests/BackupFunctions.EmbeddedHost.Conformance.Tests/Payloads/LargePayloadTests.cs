using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Payloads;

/// <summary>Values above the threshold stand apart, compressed, and nobody notices.</summary>
public sealed class LargePayloadTests(StateServer server) : EngineTest(server)
{
    private const int Threshold = 1000;
    private static readonly string Large = new('x', 50_000);
    private bool _isMended;

    [Fact]
    [Conforms("A large value is readable at any moment, also while the instance continues as new", Source.Own)]
    public async Task Read_WhileContinuingAsNew_NeverFails()
    {
        var host = await NewHost(options => options.PayloadThreshold = Threshold)
            .Orchestrator("Many", c =>
            {
                var input = c.GetInput<string>()!;
                if (input.Length < 50_060)
                {
                    c.ContinueAsNew(input + "x");
                }

                return Task.FromResult(input.Length);
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Many", Large);

        var end = await host.UntilAsync(id, found => found.ReadInputAs<string>()!.Length >= Large.Length && found.IsCompleted);

        end.ReadOutputAs<int>().ShouldBe(50_060);
    }

    [Fact]
    [Conforms("A value above the threshold is stored apart and compressed, and read back as it was", Source.DurableTaskDotnet)]
    public async Task Input_AboveTheThreshold_IsApartAndCompressed()
    {
        var host = await HostAsync();

        var end = await host.RunAsync("Length", Large);

        end.ReadInputAs<string>().ShouldBe(Large);
        end.ReadOutputAs<int>().ShouldBe(Large.Length);
        (await ScalarAsync<string>("SELECT input FROM durable.instances WHERE hub = $1 AND instance_id = $2", end.InstanceId))!
            .ShouldStartWith("@payload:");
        (await ScalarAsync<int>("SELECT max(length(data)) FROM durable.payloads WHERE hub = $1 AND instance_id = $2", end.InstanceId))
            .ShouldBeInRange(1, 1000);
    }

    [Fact]
    [Conforms("A value up to the threshold stays where it is", Source.DurableTaskDotnet)]
    public async Task Input_AtTheThreshold_StaysInPlace()
    {
        var host = await HostAsync();

        // The quotes count.
        var end = await host.RunAsync("Length", new string('x', Threshold - 2));

        (await PayloadsAsync(end.InstanceId)).ShouldBe(0);
        end.ReadOutputAs<int>().ShouldBe(Threshold - 2);
    }

    [Fact]
    [Conforms("The threshold counts bytes, not characters", Source.DurableTaskDotnet)]
    public async Task Input_OfManyByteCharacters_CountsItsBytes()
    {
        var host = await NewHost(options => options.PayloadThreshold = 100).Orchestrator("Echo", c => Task.FromResult(c.GetInput<string>())).StartAsync();

        var end = await host.RunAsync("Echo", new string('\u00e4', 60));

        end.ReadOutputAs<string>().ShouldBe(new string('\u00e4', 60));
        (await PayloadsAsync(end.InstanceId)).ShouldBe(1);
    }

    [Theory]
    [InlineData("Activity")]
    [InlineData("Child")]
    [InlineData("Status")]
    [InlineData("Again")]
    [InlineData("Length")]
    [Conforms("Activities, sub-orchestrations, custom status and ContinueAsNew carry large values", Source.DurableTaskDotnet)]
    public async Task LargeValues_TakeEveryWay(string flow)
    {
        var host = await HostAsync();

        var end = await host.RunAsync(flow, Large);

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        end.ReadOutputAs<int>().ShouldBe(Large.Length);
        (await PayloadsAsync(end.InstanceId)).ShouldBeGreaterThan(0);
    }

    [Fact]
    [Conforms("Events carry large values, also while nobody waits for them", Source.DurableTaskDotnet)]
    public async Task LargeEvents_Arrive()
    {
        var host = await HostAsync();
        var receiver = await host.Client.ScheduleNewOrchestrationInstanceAsync("Receives");

        await host.Client.RaiseEventAsync(receiver, "later", Large);
        await host.RunAsync("Sends", receiver);

        (await host.EndAsync(receiver)).ReadOutputAs<int>().ShouldBe(2 * Large.Length);
    }

    [Fact]
    [Conforms("A large output of Terminate, a large list and a large history are read back", Source.Own)]
    public async Task LargeValues_AreSeenByTheClient()
    {
        var host = await HostAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Receives", Large);
        await host.Client.TerminateInstanceAsync(id, Large + "!");
        await host.EndAsync(id);

        var listed = new List<OrchestrationMetadata>();
        await foreach (var found in host.Client.GetAllInstancesAsync(new OrchestrationQuery(FetchInputsAndOutputs: true)))
        {
            listed.Add(found);
        }

        listed.Single().ReadInputAs<string>().ShouldBe(Large);
        listed.Single().ReadOutputAs<string>().ShouldBe(Large + "!");
        (await host.History.GetAsync(id, CancellationToken.None))!.Single(e => e.EventType is "ExecutionStarted").Input!.Length.ShouldBe(Large.Length + 2);
    }

    [Fact]
    [Conforms("A value that passes through an instance is stored once", Source.Own)]
    public async Task LargeValue_ThatIsPassedOn_IsStoredOnce()
    {
        var host = await HostAsync();

        var end = await host.RunAsync("Echo", Large);

        end.ReadOutputAs<string>().ShouldBe(Large);
        (await PayloadsAsync(end.InstanceId)).ShouldBe(1);
    }

    [Fact]
    [Conforms("Purge removes the large values of an instance", Source.DurableTaskSql)]
    public async Task Purge_RemovesLargeValues()
    {
        var host = await HostAsync();
        var end = await host.RunAsync("Activity", Large);

        await host.Client.PurgeInstanceAsync(end.InstanceId, CancellationToken.None);

        (await PayloadsAsync(end.InstanceId)).ShouldBe(0);
    }

    [Fact]
    [Conforms("An instance that continues as new without end does not gather large values", Source.Own)]
    public async Task ContinueAsNew_DropsLargeValuesOfFormerExecutions()
    {
        var host = await NewHost(options => options.PayloadThreshold = Threshold)
            .Orchestrator("Many", async c =>
            {
                var n = c.GetInput<string>()!.Length;
                await c.CallActivityAsync<string>("Same", new string('y', n));
                if (n < 50_020)
                {
                    c.ContinueAsNew(new string('x', n + 1));
                }

                return n;
            })
            .Activity<string>("Same", text => text)
            .StartAsync();

        var end = await host.RunAsync("Many", Large);

        end.ReadOutputAs<int>().ShouldBe(50_020);
        (await PayloadsAsync(end.InstanceId)).ShouldBeInRange(1, 4);
    }

    [Fact]
    [Conforms("ContinueAsNew keeps large events that nobody has waited for yet", Source.Own)]
    public async Task ContinueAsNew_KeepsLargeBufferedEvents()
    {
        var host = await HostAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("KeepsEvent", "first");
        await host.Client.RaiseEventAsync(id, "kept", Large);
        await Until.TrueAsync(async () => (await host.EventsAsync(id)).Contains("EventRaised", StringComparer.Ordinal));

        await host.Client.RaiseEventAsync(id, "go");

        (await host.EndAsync(id)).ReadOutputAs<int>().ShouldBe(Large.Length);
    }

    [Fact]
    [Conforms("Rewind keeps large results of what succeeded", Source.Own)]
    public async Task Rewind_KeepsLargeResults()
    {
        var host = await HostAsync();
        var failed = await host.RunAsync("Fails", Large);
        failed.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        _isMended = true;

        await host.Client.RewindInstanceAsync(failed.InstanceId, "mended");

        (await host.EndAsync(failed.InstanceId)).ReadOutputAs<int>().ShouldBe(Large.Length);
    }

    [Fact]
    [Conforms("An instance that replaces an ended one does not keep its large values", Source.Own)]
    public async Task Replacement_DropsLargeValues()
    {
        var host = await HostAsync();
        await host.RunAsync("Activity", Large, new StartOrchestrationOptions("same"));

        await host.RunAsync("Length", "small", new StartOrchestrationOptions("same"));

        (await PayloadsAsync("same")).ShouldBe(0);
    }

    [Fact]
    [Conforms("A large value that is gone fails its own instance, not the others", Source.Own)]
    public async Task LargeValue_ThatIsGone_FailsItsInstanceOnly()
    {
        var host = await HostAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Receives", Large);
        await host.UntilAsync(id, found => found.IsRunning);
        await ExecuteAsync("DELETE FROM durable.payloads WHERE hub = $1 AND instance_id = $2", id);
        await host.Client.RaiseEventAsync(id, "now", "text");

        (await host.RunAsync("Length", Large)).ReadOutputAs<int>().ShouldBe(Large.Length);
        await Until.TrueAsync(async () =>
            await ScalarAsync<string>("SELECT status FROM durable.instances WHERE hub = $1 AND instance_id = $2", id) is "Failed");
    }

    private Task<EngineHost> HostAsync() => NewHost(options => (options.PayloadThreshold, options.MaxDeliveries) = (Threshold, 3))
        .Orchestrator("Length", c => Task.FromResult(c.GetInput<string>()!.Length))
        .Orchestrator("Echo", c => Task.FromResult(c.GetInput<string>()))
        .Orchestrator("Activity", async c => (await c.CallActivityAsync<string>("Same", c.GetInput<string>())).Length)
        .Orchestrator("Child", async c => (await c.CallSubOrchestratorAsync<string>("Echo", c.GetInput<string>())).Length)
        .Orchestrator("Status", async c =>
        {
            c.SetCustomStatus(c.GetInput<string>());
            await c.CallActivityAsync<string>("Same", "small");
            return c.GetInput<string>()!.Length;
        })
        .Orchestrator("Again", c =>
        {
            var input = c.GetInput<string>()!;
            if (input[0] is 'x')
            {
                c.ContinueAsNew("y" + input[1..]);
            }

            return Task.FromResult(input.Length);
        })
        .Orchestrator("Receives", async c =>
            (await c.WaitForExternalEvent<string>("now")).Length + (await c.WaitForExternalEvent<string>("later")).Length)
        .Orchestrator("Sends", c =>
        {
            c.SendEvent(c.GetInput<string>()!, "now", Large);
            return Task.FromResult("sent");
        })
        .Orchestrator("KeepsEvent", async c =>
        {
            if (c.GetInput<string>() is "first")
            {
                await c.WaitForExternalEvent<string>("go");
                c.ContinueAsNew("second");
                return 0;
            }

            return (await c.WaitForExternalEvent<string>("kept")).Length;
        })
        .Orchestrator("Fails", async c =>
        {
            var same = await c.CallActivityAsync<string>("Same", c.GetInput<string>());
            await c.CallActivityAsync("Broken");
            return same.Length;
        })
        .Activity<string>("Same", text => text)
        .Activity<string>("Broken", _ => _isMended ? null : throw new IOException("broken"))
        .StartAsync();

    private Task<long> PayloadsAsync(string id) =>
        ScalarAsync<long>("SELECT count(*) FROM durable.payloads WHERE hub = $1 AND instance_id = $2", id);
}
