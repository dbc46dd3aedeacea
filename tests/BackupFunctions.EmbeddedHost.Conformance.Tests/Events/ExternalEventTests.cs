using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Events;

public sealed class ExternalEventTests(StateServer server) : EngineTest(server)
{
    [Fact]
    [Conforms("Event names are case-insensitive; events before the wait are buffered first in, first out", Source.DurableTaskCore)]
    public async Task Events_OfAnyCase_ArriveInTheirOrder()
    {
        var host = await NewHost()
            .Orchestrator("Collects", async c =>
            {
                await c.WaitForExternalEvent<string>("begin");
                return await c.WaitForExternalEvent<int>("NUMBER") + "," + await c.WaitForExternalEvent<int>("number");
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Collects");

        await host.Client.RaiseEventAsync(id, "Number", 1);
        await host.Client.RaiseEventAsync(id, "number", 2);
        await host.Client.RaiseEventAsync(id, "Begin");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("1,2");
    }

    [Fact]
    [Conforms("Of several waits for one name the newest gets the first event", Source.DurableTaskDotnet)]
    public async Task Event_WithTwoWaiters_GoesToTheNewest()
    {
        var host = await NewHost()
            .Orchestrator("TwoWaits", async c =>
            {
                var first = c.WaitForExternalEvent<string>("e");
                var second = c.WaitForExternalEvent<string>("e");
                var winner = await Task.WhenAny(first, second);
                return (winner == second ? "second " : "first ") + await first + await second;
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("TwoWaits");

        await host.Client.RaiseEventAsync(id, "e", "a");
        await host.Client.RaiseEventAsync(id, "e", "b");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("second ba");
    }

    [Fact]
    [Conforms("WaitForExternalEvent with a timeout throws TaskCanceledException when it is over", Source.DurableTaskDotnet)]
    public async Task Wait_WithTimeout_ThrowsTaskCanceled()
    {
        var host = await NewHost()
            .Orchestrator("TimesOut", async c =>
            {
                try
                {
                    return await c.WaitForExternalEvent<string>("never", TimeSpan.FromMilliseconds(200));
                }
                catch (TaskCanceledException)
                {
                    return "timed out";
                }
            })
            .StartAsync();

        (await host.RunAsync("TimesOut")).ReadOutputAs<string>().ShouldBe("timed out");
    }

    [Fact]
    [Conforms("A cancelled wait does not swallow an event", Source.DurableTaskDotnet)]
    public async Task Event_AfterATimedOutWait_GoesToTheNextWait()
    {
        var host = await NewHost()
            .Orchestrator("WaitsAgain", async c =>
            {
                try
                {
                    await c.WaitForExternalEvent<string>("answer", TimeSpan.FromMilliseconds(100));
                }
                catch (TaskCanceledException)
                {
                    c.SetCustomStatus("timed out");
                }

                await c.WaitForExternalEvent<string>("go on");
                return await c.WaitForExternalEvent<string>("answer", TimeSpan.FromHours(1));
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("WaitsAgain");
        await host.UntilAsync(id, found => found.SerializedCustomStatus is not null);

        await host.Client.RaiseEventAsync(id, "answer", "yes");
        await host.Client.RaiseEventAsync(id, "go on");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("yes");
    }

    [Fact]
    [Conforms("Waits for one name with different types are an ArgumentException", Source.DurableTaskDotnet)]
    public async Task Waits_OfTwoTypesForOneName_AreRefused()
    {
        var host = await NewHost()
            .Orchestrator("Confused", async c =>
            {
                _ = c.WaitForExternalEvent<string>("e");
                return await c.WaitForExternalEvent<int>("E");
            })
            .StartAsync();

        var end = await host.RunAsync("Confused");

        end.FailureDetails!.IsCausedBy<ArgumentException>().ShouldBeTrue();
    }

    [Fact]
    [Conforms("An event that is not of the awaited type fails the wait, which the orchestrator can catch", Source.Own)]
    public async Task Event_OfAnotherShape_FailsTheWaitNotTheEngine()
    {
        var host = await NewHost()
            .Orchestrator("Reads", async c =>
            {
                try
                {
                    return await c.WaitForExternalEvent<int>("e");
                }
                catch (System.Text.Json.JsonException)
                {
                    return await c.WaitForExternalEvent<int>("e");
                }
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Reads");

        await host.Client.RaiseEventAsync(id, "e", "no number");
        await host.Client.RaiseEventAsync(id, "e", 7);

        (await host.EndAsync(id)).ReadOutputAs<int>().ShouldBe(7);
    }

    [Fact]
    [Conforms("SendEvent raises an event in another instance and is EventSent in the sender's history", Source.DurableTaskCore)]
    public async Task SendEvent_ToAnotherInstance_ArrivesThere()
    {
        var host = await NewHost()
            .Orchestrator("Receives", c => c.WaitForExternalEvent<string>("news"))
            .Orchestrator("Sends", c =>
            {
                c.SendEvent(c.GetInput<string>()!, "news", "good");
                return Task.FromResult("sent");
            })
            .StartAsync();
        var receiver = await host.Client.ScheduleNewOrchestrationInstanceAsync("Receives");

        var sender = await host.RunAsync("Sends", receiver);

        (await host.EndAsync(receiver)).ReadOutputAs<string>().ShouldBe("good");
        (await host.EventsAsync(sender.InstanceId)).ShouldBe(["ExecutionStarted", "EventSent", "ExecutionCompleted"]);
    }

    [Fact]
    [Conforms("Events and termination for unknown or ended instances have no effect", Source.DurableTaskCore)]
    public async Task Event_ToAnUnknownOrEndedInstance_IsIgnored()
    {
        var host = await NewHost().Orchestrator("Ends", _ => Task.FromResult(1)).StartAsync();
        var end = await host.RunAsync("Ends");

        await host.Client.RaiseEventAsync("no such instance", "e");
        await host.Client.RaiseEventAsync(end.InstanceId, "e");
        await host.Client.TerminateInstanceAsync(end.InstanceId);

        (await host.Client.GetInstanceAsync(end.InstanceId))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        (await host.EndAsync(end.InstanceId)).ReadOutputAs<int>().ShouldBe(1);
    }
}
