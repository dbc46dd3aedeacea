using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Basics;

public sealed class OrchestrationTests(StateServer server) : EngineTest(server)
{
    private sealed record Order(string Item, int Count);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Conforms("An orchestrator that returned or threw does not end before an activity that nobody awaits", Source.DurableTaskCore)]
    public async Task Orchestration_WithAnOpenActivity_EndsOnlyWithIt(bool throws)
    {
        using var release = new SemaphoreSlim(0);
        var host = await NewHost()
            .Orchestrator("Leaves", c =>
            {
                _ = c.CallActivityAsync("Slow");
                return throws ? throw new IOException("thrown") : Task.FromResult("returned");
            })
            .Activity<string>("Slow", async (_, cancellation) =>
            {
                await release.WaitAsync(cancellation);
                return null;
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Leaves");
        await Until.TrueAsync(async () => (await host.EventsAsync(id)).Contains("TaskScheduled", StringComparer.Ordinal));
        var waiting = await host.Client.GetInstanceAsync(id);

        release.Release();

        waiting!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Running);
        (await host.EndAsync(id)).RuntimeStatus.ShouldBe(throws ? OrchestrationRuntimeStatus.Failed : OrchestrationRuntimeStatus.Completed);
    }

    [Fact]
    [Conforms("Function names are case-insensitive; input and output are JSON of the client's and the orchestrator's values", Source.DurableTaskDotnet)]
    public async Task Orchestration_WithoutActivities_ReturnsItsOutput()
    {
        var host = await NewHost().Orchestrator("Hello", c => Task.FromResult($"Hello {c.GetInput<string>()}")).StartAsync();

        var end = await host.RunAsync("hello", "you");

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        end.ReadOutputAs<string>().ShouldBe("Hello you");
        end.ReadInputAs<string>().ShouldBe("you");
    }

    [Fact]
    [Conforms("An activity is TaskScheduled and TaskCompleted in the history, its result the value of the call", Source.DurableTaskCore)]
    public async Task Activity_WithRecordInput_ResultReachesTheOrchestrator()
    {
        var host = await NewHost()
            .Orchestrator("Order", async c => await c.CallActivityAsync<Order>("Double", c.GetInput<Order>()))
            .Activity<Order>("Double", order => order! with { Count = order.Count * 2 })
            .StartAsync();

        var end = await host.RunAsync("Order", new Order("tape", 21));

        end.ReadOutputAs<Order>().ShouldBe(new Order("tape", 42));
        (await host.EventsAsync(end.InstanceId)).ShouldBe(["ExecutionStarted", "TaskScheduled", "TaskCompleted", "ExecutionCompleted"]);
    }

    [Fact]
    [Conforms("Activities of a fan-out run side by side; Task.WhenAll gives results in the order of the calls", Source.DurableTaskCore)]
    public async Task Activities_FannedOut_AllRunAndResultsKeepTheirOrder()
    {
        var host = await NewHost()
            .Orchestrator("FanOut", c => Task.WhenAll(Enumerable.Range(0, 100).Select(n => c.CallActivityAsync<int>("Square", n))))
            .Activity<int>("Square", n => n * n)
            .StartAsync();

        var end = await host.RunAsync("FanOut");

        end.ReadOutputAs<int[]>().ShouldBe(Enumerable.Range(0, 100).Select(n => n * n));
    }

    [Fact]
    [Conforms("An activity's exception is a TaskFailedException with task name, task id, error type, message and inner failure", Source.DurableTaskDotnet)]
    public async Task Activity_ThatThrows_ReachesTheOrchestratorWithItsInnerFailure()
    {
        var host = await NewHost()
            .Orchestrator("Catch", async c =>
            {
                try
                {
                    await c.CallActivityAsync("Fail");
                    return "no failure";
                }
                catch (TaskFailedException e) when (e.FailureDetails.IsCausedBy<InvalidOperationException>())
                {
                    return $"{e.TaskName} {e.TaskId}: {e.FailureDetails.ErrorMessage} < {e.FailureDetails.InnerFailure!.ErrorMessage}";
                }
            })
            .Activity<string>("Fail", _ => throw new InvalidOperationException("outer", new IOException("inner")))
            .StartAsync();

        var end = await host.RunAsync("Catch");

        end.ReadOutputAs<string>().ShouldBe("Fail 0: outer < inner");
    }

    [Fact]
    [Conforms("An orchestration that does not catch fails with TaskFailedException, the activity's failure inside", Source.DurableTaskDotnet)]
    public async Task Orchestration_ThatDoesNotCatch_FailsWithTheActivityAsInnerFailure()
    {
        var host = await NewHost()
            .Orchestrator("Fails", async c => await c.CallActivityAsync<string>("Fail"))
            .Activity<string>("Fail", _ => throw new IOException("disk gone"))
            .StartAsync();

        var end = await host.RunAsync("Fails");

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        end.FailureDetails!.IsCausedBy<TaskFailedException>().ShouldBeTrue();
        end.FailureDetails.InnerFailure!.ErrorType.ShouldBe(typeof(IOException).FullName);
        end.FailureDetails.InnerFailure.ErrorMessage.ShouldBe("disk gone");
    }

    [Fact]
    [Conforms("An unregistered activity fails with ActivityTaskNotFound, which is not retried", Source.DurableTaskDotnet)]
    public async Task Activity_ThatIsUnknown_FailsWithoutRetry()
    {
        var host = await NewHost()
            .Orchestrator("Calls", async c => await c.CallActivityAsync<string>(
                "Missing", TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromHours(1)))))
            .StartAsync();

        var end = await host.RunAsync("Calls");

        end.FailureDetails!.InnerFailure!.ErrorType.ShouldBe("ActivityTaskNotFound");
    }

    [Fact]
    [Conforms("An unregistered orchestrator fails with OrchestratorTaskNotFound", Source.DurableTaskDotnet)]
    public async Task Orchestrator_ThatIsUnknown_Fails()
    {
        var host = await NewHost().StartAsync();

        var end = await host.RunAsync("Missing");

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        end.FailureDetails!.ErrorType.ShouldBe("OrchestratorTaskNotFound");
    }

    [Fact]
    [Conforms("A replay-safe logger writes each line once, whatever is replayed", Source.DurableTaskDotnet)]
    public async Task Logger_WhileReplaying_IsSilent()
    {
        var host = await NewHost()
            .Orchestrator("Logs", async c =>
            {
                var log = c.CreateReplaySafeLogger("workflow");
                log.Say("one");
                await c.CallActivityAsync("Nothing");
                log.Say("two");
                await c.CallActivityAsync("Nothing");
                log.Say("three");
                return c.IsReplaying;
            })
            .Activity<string>("Nothing", _ => null)
            .StartAsync();

        var end = await host.RunAsync("Logs");

        end.ReadOutputAs<bool>().ShouldBeFalse();
        host.Log.Lines.Where(line => line.Category is "workflow").Select(line => line.Text).ShouldBe(["one", "two", "three"]);
    }

    [Fact]
    [Conforms("CurrentUtcDateTime and NewGuid (version 5) are the same at every replay, time moves with the turns", Source.DurableTaskDotnet)]
    public async Task TimeAndGuids_AtEveryReplay_AreTheSame()
    {
        var seen = new List<(DateTime Time, Guid Id)>();
        var host = await NewHost()
            .Orchestrator("Repeats", async c =>
            {
                seen.Add((c.CurrentUtcDateTime, c.NewGuid()));
                await c.CallActivityAsync("Nothing");
                await c.CallActivityAsync("Nothing");
                return c.CurrentUtcDateTime;
            })
            .Activity<string>("Nothing", _ => null)
            .StartAsync();

        var end = await host.RunAsync("Repeats");

        seen.Count.ShouldBe(3);
        seen.Distinct().Count().ShouldBe(1);
        seen[0].Id.Version.ShouldBe(5);
        end.ReadOutputAs<DateTime>().ShouldBeGreaterThan(seen[0].Time);
    }

    [Fact]
    [Conforms("The custom status is visible from the next checkpoint on and stays after the end", Source.DurableTaskDotnet)]
    public async Task CustomStatus_IsSeenWhileTheInstanceRuns()
    {
        var host = await NewHost()
            .Orchestrator("Reports", async c =>
            {
                c.SetCustomStatus(new Order("waiting", 1));
                return await c.WaitForExternalEvent<string>("go");
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Reports");

        var running = await host.UntilAsync(id, found => found.SerializedCustomStatus is not null);
        await host.Client.RaiseEventAsync(id, "go", "done");
        var end = await host.EndAsync(id);

        running.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Running);
        running.ReadCustomStatusAs<Order>().ShouldBe(new Order("waiting", 1));
        end.ReadCustomStatusAs<Order>().ShouldBe(new Order("waiting", 1));
    }

    [Fact]
    [Conforms("Any JSON value survives the state, U+0000 and megabytes too", Source.Own)]
    public async Task Payload_WithNulCharacterAndManyBytes_Survives()
    {
        var text = "a\0b" + new string('x', 2_000_000);
        var host = await NewHost()
            .Orchestrator("Echo", async c => await c.CallActivityAsync<string>("Same", c.GetInput<string>()))
            .Activity<string>("Same", value => value)
            .StartAsync();

        var end = await host.RunAsync("Echo", text);

        end.ReadOutputAs<string>().ShouldBe(text);
    }

    [Fact]
    [Conforms("An orchestrator that returned does not complete while a timer is open", Source.DurableTaskCore)]
    public async Task Orchestration_WithAnOpenTimer_EndsOnlyWhenTheTimerDoes()
    {
        var host = await NewHost()
            .Orchestrator("LeavesTimer", c =>
            {
                _ = c.CreateTimer(TimeSpan.FromMilliseconds(300), CancellationToken.None);
                return Task.FromResult("returned");
            })
            .StartAsync();

        var end = await host.RunAsync("LeavesTimer");

        (await host.EventsAsync(end.InstanceId)).ShouldBe(["ExecutionStarted", "TimerCreated", "TimerFired", "ExecutionCompleted"]);
        (end.LastUpdatedAt - end.CreatedAt).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(300));
    }
}
