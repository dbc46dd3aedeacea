using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.ErrorsAndRetries;

public sealed class RetryTests(StateServer server) : EngineTest(server)
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    private int _attempts;

    [Fact]
    [Conforms("A retry policy's retries are durable timers and new TaskScheduled events in the history", Source.DurableTaskCore)]
    public async Task Policy_UntilItSucceeds_RetriesByTimers()
    {
        var host = await FlakyAsync(failures: 2, TaskOptions.FromRetryPolicy(new RetryPolicy(5, Short, backoffCoefficient: 2)));

        var end = await host.RunAsync("Flaky");

        end.ReadOutputAs<int>().ShouldBe(3);
        (await host.EventsAsync(end.InstanceId)).ShouldBe(
        [
            "ExecutionStarted",
            "TaskScheduled", "TaskFailed", "TimerCreated", "TimerFired",
            "TaskScheduled", "TaskFailed", "TimerCreated", "TimerFired",
            "TaskScheduled", "TaskCompleted", "ExecutionCompleted",
        ]);
    }

    [Fact]
    [Conforms("After the last failed attempt a timer of no delay is still in the history", Source.DurableTaskCore)]
    public async Task Policy_WithTheLastAttemptFailed_GivesUpAfterTheTimerOfNoDelay()
    {
        var host = await FlakyAsync(failures: 9, TaskOptions.FromRetryPolicy(new RetryPolicy(2, Short)));

        var end = await host.RunAsync("Flaky");

        end.FailureDetails!.InnerFailure!.ErrorMessage.ShouldBe("attempt 2");
        (await host.EventsAsync(end.InstanceId)).ShouldBe(
        [
            "ExecutionStarted",
            "TaskScheduled", "TaskFailed", "TimerCreated", "TimerFired",
            "TaskScheduled", "TaskFailed", "TimerCreated", "TimerFired",
            "ExecutionCompleted",
        ]);
    }

    [Fact]
    [Conforms("RetryPolicy.HandleFailure decides which failures are retried", Source.DurableTaskDotnet)]
    public async Task Policy_ThatDoesNotHandleTheFailure_DoesNotRetry()
    {
        var policy = new RetryPolicy(5, Short) { HandleFailure = failure => failure.IsCausedBy<TimeoutException>() };
        var host = await FlakyAsync(failures: 9, TaskOptions.FromRetryPolicy(policy));

        await host.RunAsync("Flaky");

        _attempts.ShouldBe(1);
    }

    [Fact]
    [Conforms("No retry begins after retryTimeout since the first attempt", Source.DurableTaskCore)]
    public async Task Policy_WithTimeout_StopsWhenItIsOver()
    {
        var policy = new RetryPolicy(1000, TimeSpan.FromMilliseconds(100), retryTimeout: TimeSpan.FromMilliseconds(250));
        var host = await FlakyAsync(failures: 1000, TaskOptions.FromRetryPolicy(policy));

        await host.RunAsync("Flaky");

        // On a slow machine the first attempt alone may take all the time.
        _attempts.ShouldBeInRange(1, 4);
    }

    [Fact]
    [Conforms("A retry handler gets attempt number and failure and decides whether to try again", Source.DurableTaskDotnet)]
    public async Task Handler_Decides()
    {
        var seen = new HashSet<int>();
        var host = await FlakyAsync(failures: 9, TaskOptions.FromRetryHandler(retry =>
        {
            seen.Add(retry.LastAttemptNumber);
            return retry.LastAttemptNumber < 3 && retry.LastFailure.IsCausedBy<IOException>();
        }));

        var end = await host.RunAsync("Flaky");

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        seen.ShouldBe([1, 2, 3]);
        _attempts.ShouldBe(3);
    }

    [Fact]
    [Conforms("An asynchronous retry handler may await durable timers; there is no built-in delay", Source.DurableTaskDotnet)]
    public async Task AsyncHandler_MayWaitDurably()
    {
        var host = await FlakyAsync(failures: 1, TaskOptions.FromRetryHandler(async retry =>
        {
            await retry.OrchestrationContext.CreateTimer(Short, CancellationToken.None);
            return true;
        }));

        var end = await host.RunAsync("Flaky");

        end.ReadOutputAs<int>().ShouldBe(2);
        (await host.EventsAsync(end.InstanceId)).ShouldContain("TimerFired", StringComparer.Ordinal);
    }

    [Fact]
    [Conforms("A sub-orchestration with a retry policy is run again under the same id", Source.DurableTaskCore)]
    public async Task SubOrchestration_WithPolicy_IsRunAgain()
    {
        var runs = 0;
        var host = await NewHost()
            .Orchestrator("Parent", c => c.CallSubOrchestratorAsync<int>(
                "Child", null, new SubOrchestrationOptions(new RetryPolicy(3, Short), $"{c.InstanceId}-child")))
            .Orchestrator("Child", _ => ++runs < 2 ? throw new IOException("first") : Task.FromResult(runs))
            .StartAsync();

        (await host.RunAsync("Parent")).ReadOutputAs<int>().ShouldBe(2);
    }

    [Theory]
    [InlineData(0, 1, 1.0, null, null)]
    [InlineData(1, 0, 1.0, null, null)]
    [InlineData(1, 1, 0.9, null, null)]
    [InlineData(1, 10, 1.0, 5, null)]
    [InlineData(1, 10, 1.0, null, 5)]
    [Conforms("RetryPolicy refuses values out of range with ArgumentOutOfRangeException", Source.DurableTaskDotnet)]
    public void Policy_OutOfRange_IsRefused(int attempts, int first, double backoff, int? longest, int? timeout)
    {
        TimeSpan? Seconds(int? value) => value is { } given ? TimeSpan.FromSeconds(given) : null;
        Should.Throw<ArgumentOutOfRangeException>(
            () => new RetryPolicy(attempts, TimeSpan.FromSeconds(first), backoff, Seconds(longest), Seconds(timeout)));
    }

    private Task<EngineHost> FlakyAsync(int failures, TaskOptions options) => NewHost()
        .Orchestrator("Flaky", c => c.CallActivityAsync<int>("Try", null, options))
        .Activity<string>("Try", _ => ++_attempts <= failures ? throw new IOException($"attempt {_attempts}") : _attempts)
        .StartAsync();
}
