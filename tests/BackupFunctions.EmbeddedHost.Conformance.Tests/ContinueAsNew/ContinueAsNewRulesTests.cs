using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.ContinueAsNew;

public sealed class ContinueAsNewRulesTests(StateServer server) : EngineTest(server)
{
    [Fact]
    [Conforms("Each execution has an id of its own", Source.DurableTaskCore)]
    public async Task ContinueAsNew_GivesANewExecutionId()
    {
        var host = await NewHost()
            .Orchestrator("Twice", async c =>
            {
                if (c.GetInput<string>() is "first")
                {
                    await c.WaitForExternalEvent<string>("go");
                    c.ContinueAsNew("second");
                }

                return 1;
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Twice", "first");
        var first = await ExecutionAsync(id);

        await host.Client.RaiseEventAsync(id, "go");
        await host.EndAsync(id);

        string.Equals(await ExecutionAsync(id), first, StringComparison.Ordinal).ShouldBeFalse();
    }

    [Fact]
    [Conforms("No event is lost or doubled between executions, whenever it arrives", Source.DurableTaskDotnet)]
    public async Task Events_WhileContinuingAsNew_ArriveOnceInOrder()
    {
        const int Count = 40;
        var host = await NewHost()
            .Orchestrator("Sums", async c =>
            {
                var seen = c.GetInput<int[]>() ?? [];
                int[] next = [.. seen, await c.WaitForExternalEvent<int>("n")];
                if (next.Length < Count)
                {
                    c.ContinueAsNew(next);
                }

                return next;
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Sums");

        for (var n = 0; n < Count; n++)
        {
            await host.Client.RaiseEventAsync(id, "n", n);
        }

        (await host.EndAsync(id)).ReadOutputAs<int[]>().ShouldBe(Enumerable.Range(0, Count));
    }

    [Fact]
    [Conforms("The custom status is carried over to the next execution", Source.DurableTaskCore)]
    public async Task CustomStatus_IsCarriedOver()
    {
        var host = await NewHost()
            .Orchestrator("Twice", c =>
            {
                if (c.GetInput<string>() is "first")
                {
                    c.SetCustomStatus("from the first");
                    c.ContinueAsNew("second");
                }

                return Task.FromResult(1);
            })
            .StartAsync();

        (await host.RunAsync("Twice", "first")).ReadCustomStatusAs<string>().ShouldBe("from the first");
    }

    [Fact]
    [Conforms("The last ContinueAsNew of an execution counts", Source.DurableTaskCore)]
    public async Task ContinueAsNew_CalledTwice_TakesTheLast()
    {
        var host = await NewHost()
            .Orchestrator("Twice", c =>
            {
                var input = c.GetInput<string>()!;
                if (input is "first")
                {
                    c.ContinueAsNew("second");
                    c.ContinueAsNew("third");
                }

                return Task.FromResult(input);
            })
            .StartAsync();

        (await host.RunAsync("Twice", "first")).ReadOutputAs<string>().ShouldBe("third");
    }

    [Fact]
    [Conforms("An execution does not continue as new while a task of it is open", Source.DurableTaskCore)]
    public async Task ContinueAsNew_WithAnOpenTask_WaitsForIt()
    {
        using var release = new SemaphoreSlim(0);
        var host = await NewHost()
            .Orchestrator("Leaves", c =>
            {
                if (c.GetInput<string>() is "first")
                {
                    _ = c.CallActivityAsync("Slow");
                    c.ContinueAsNew("second");
                }

                return Task.FromResult(c.GetInput<string>());
            })
            .Activity<string>("Slow", async (_, cancellation) =>
            {
                await release.WaitAsync(cancellation);
                return null;
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Leaves", "first");
        await Until.TrueAsync(async () => (await host.EventsAsync(id)).Contains("TaskScheduled", StringComparer.Ordinal));
        var waiting = await host.Client.GetInstanceAsync(id, true);

        release.Release();

        waiting!.ReadInputAs<string>().ShouldBe("first");
        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("second");
    }

    private Task<string?> ExecutionAsync(string id) =>
        ScalarAsync<string>("SELECT execution_id FROM durable.instances WHERE hub = $1 AND instance_id = $2", id);
}
