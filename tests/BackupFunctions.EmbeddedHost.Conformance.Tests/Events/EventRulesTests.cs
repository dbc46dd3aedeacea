using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Events;

public sealed class EventRulesTests(StateServer server) : EngineTest(server)
{
    [Fact]
    [Conforms("An event raised before the instance starts is buffered for it", Source.DurableTaskSql)]
    public async Task Event_BeforeTheStart_IsKept()
    {
        var host = await NewHost().Orchestrator("Waits", c => c.WaitForExternalEvent<string>("early")).StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync(
            "Waits", new StartOrchestrationOptions(StartAt: TimeProvider.System.GetUtcNow().AddMilliseconds(500)));

        await host.Client.RaiseEventAsync(id, "early", "kept");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("kept");
    }

    [Fact]
    [Conforms("An event in time cancels the timer of the wait: the instance can end", Source.DurableTaskDotnet)]
    public async Task Event_InTime_LeavesNoTimerOpen()
    {
        var host = await NewHost()
            .Orchestrator("Waits", c => c.WaitForExternalEvent<string>("e", TimeSpan.FromDays(30)))
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");

        await host.Client.RaiseEventAsync(id, "e", "in time");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("in time");
    }

    [Fact]
    [Conforms("An event without payload is null for its wait", Source.DurableTaskDotnet)]
    public async Task Event_WithoutPayload_IsNull()
    {
        var host = await NewHost()
            .Orchestrator("Waits", async c => await c.WaitForExternalEvent<string?>("e") is null)
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");

        await host.Client.RaiseEventAsync(id, "e");

        (await host.EndAsync(id)).ReadOutputAs<bool>().ShouldBeTrue();
    }

    [Fact]
    [Conforms("Buffered events of several names keep their order per name", Source.DurableTaskCore)]
    public async Task Events_OfSeveralNames_KeepTheirOrderPerName()
    {
        var host = await NewHost()
            .Orchestrator("Collects", async c =>
            {
                await c.WaitForExternalEvent<string>("begin");
                var b = await c.WaitForExternalEvent<int>("b");
                return $"{b}{await c.WaitForExternalEvent<int>("a")}{await c.WaitForExternalEvent<int>("a")}{await c.WaitForExternalEvent<int>("b")}";
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Collects");
        foreach (var (name, n) in new[] { ("a", 1), ("b", 2), ("a", 3), ("b", 4) })
        {
            await host.Client.RaiseEventAsync(id, name, n);
        }

        await host.Client.RaiseEventAsync(id, "begin");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("2134");
    }

    [Fact]
    [Conforms("Three waits for one name get three events newest first", Source.DurableTaskDotnet)]
    public async Task Events_ForThreeWaits_GoToTheNewestFirst()
    {
        var host = await NewHost()
            .Orchestrator("Three", async c => string.Concat(await Task.WhenAll(
                c.WaitForExternalEvent<string>("e"), c.WaitForExternalEvent<string>("e"), c.WaitForExternalEvent<string>("e"))))
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Three");
        await host.UntilAsync(id, found => found.IsRunning);

        foreach (var letter in new[] { "a", "b", "c" })
        {
            await host.Client.RaiseEventAsync(id, "e", letter);
        }

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("cba");
    }

    [Fact]
    [Conforms("A wait with a cancelled token is cancelled at once", Source.DurableTaskDotnet)]
    public async Task Wait_WithACanceledToken_IsCanceled()
    {
        var host = await NewHost()
            .Orchestrator("Canceled", async c =>
            {
                try
                {
                    return await c.WaitForExternalEvent<string>("e", new CancellationToken(canceled: true));
                }
                catch (OperationCanceledException)
                {
                    return "canceled";
                }
            })
            .StartAsync();

        (await host.RunAsync("Canceled")).ReadOutputAs<string>().ShouldBe("canceled");
    }

    [Fact]
    [Conforms("An event sent to an unknown instance is dropped, the sender goes on", Source.DurableTaskCore)]
    public async Task SendEvent_ToAnUnknownInstance_IsDropped()
    {
        var host = await NewHost()
            .Orchestrator("Sends", c =>
            {
                c.SendEvent("nobody", "news", 1);
                return Task.FromResult("sent");
            })
            .StartAsync();

        (await host.RunAsync("Sends")).ReadOutputAs<string>().ShouldBe("sent");
    }

    [Fact]
    [Conforms("Entities are refused with NotSupportedException and a way out", Source.Own)]
    public async Task Entity_IsRefusedWithAWayOut()
    {
        var host = await NewHost()
            .Orchestrator("Signals", c =>
            {
                c.SendEvent("@counter@a", "add", 1);
                return Task.FromResult("sent");
            })
            .StartAsync();

        var refused = await Should.ThrowAsync<NotSupportedException>(() => host.Client.RaiseEventAsync("@counter@a", "add", 1));
        var end = await host.RunAsync("Signals");

        refused.Message.ShouldContain("keep the state in an orchestration that waits for events and continues as new");
        end.FailureDetails!.ErrorType.ShouldBe("System.NotSupportedException");
    }
}
