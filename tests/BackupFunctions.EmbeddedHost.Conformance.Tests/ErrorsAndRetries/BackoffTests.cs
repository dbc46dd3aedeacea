using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.ErrorsAndRetries;

public sealed class BackoffTests(StateServer server) : EngineTest(server)
{
    [Theory]
    [InlineData(1.0, 1000, "40,40,40,0")]
    [InlineData(2.0, 1000, "40,80,160,0")]
    [InlineData(2.0, 100, "40,80,100,0")]
    [Conforms("Retry delays are first * coefficient^attempt, capped at maxRetryInterval", Source.DurableTaskCore)]
    public async Task Delays_FollowThePolicy(double coefficient, int longest, string expected)
    {
        var policy = new RetryPolicy(4, TimeSpan.FromMilliseconds(40), coefficient, TimeSpan.FromMilliseconds(longest));
        var host = await NewHost()
            .Orchestrator("Retries", c => c.CallActivityAsync<int>("Fails", null, TaskOptions.FromRetryPolicy(policy)))
            .Activity<string>("Fails", _ => throw new IOException("always"))
            .StartAsync();

        var end = await host.RunAsync("Retries");

        var history = (await host.History.GetAsync(end.InstanceId, CancellationToken.None))!;
        var delays = history.Where(e => e.EventType is "TimerCreated").Select(e => (e.FireAt!.Value - e.Timestamp).TotalMilliseconds);
        string.Join(',', delays).ShouldBe(expected);
    }

    [Fact]
    [Conforms("Retries go on after a change of hosts: attempts are counted by the history", Source.DurableTaskCore)]
    public async Task Retries_GoOnAtAnotherHost()
    {
        var attempts = 0;
        var policy = new RetryPolicy(3, TimeSpan.FromMilliseconds(300));
        EngineHost Host() => NewHost()
            .Orchestrator("Retries", c => c.CallActivityAsync<int>("Fails", null, TaskOptions.FromRetryPolicy(policy)))
            .Activity<string>("Fails", _ => throw new IOException($"attempt {Interlocked.Increment(ref attempts)}"));
        var first = await Host().StartAsync();
        var id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Retries");
        await Until.TrueAsync(async () => (await first.EventsAsync(id)).Contains("TimerCreated", StringComparer.Ordinal));
        await first.StopAsync();

        var second = await Host().StartAsync();

        (await second.EndAsync(id)).FailureDetails!.InnerFailure!.ErrorMessage.ShouldBe("attempt 3");
        attempts.ShouldBe(3);
    }

    [Fact]
    [Conforms("A retry handler sees the time since the first attempt", Source.DurableTaskDotnet)]
    public async Task Handler_SeesTheTimeSinceTheFirstAttempt()
    {
        var host = await NewHost()
            .Orchestrator("Retries", async c =>
            {
                var times = new List<TimeSpan>();
                var options = TaskOptions.FromRetryHandler(async retry =>
                {
                    times.Add(retry.TotalRetryTime);
                    await c.CreateTimer(TimeSpan.FromMilliseconds(50), CancellationToken.None);
                    return retry.LastAttemptNumber < 3;
                });
                try
                {
                    await c.CallActivityAsync("Fails", null, options);
                }
                catch (TaskFailedException)
                {
                    return times;
                }

                return [];
            })
            .Activity<string>("Fails", _ => throw new IOException("always"))
            .StartAsync();

        var times = (await host.RunAsync("Retries")).ReadOutputAs<TimeSpan[]>()!;

        times.Length.ShouldBe(3);
        times[1].ShouldBeGreaterThanOrEqualTo(times[0] + TimeSpan.FromMilliseconds(50));
        times[2].ShouldBeGreaterThanOrEqualTo(times[1] + TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    [Conforms("A failure that must not be retried does not reach the retry handler", Source.DurableTaskDotnet)]
    public async Task Handler_IsNotAskedAboutWhatMustNotBeRetried()
    {
        var isAsked = false;
        var host = await NewHost()
            .Orchestrator("Retries", c => c.CallActivityAsync<int>("Missing", null, TaskOptions.FromRetryHandler(_ => isAsked = true)))
            .StartAsync();

        (await host.RunAsync("Retries")).FailureDetails!.InnerFailure!.ErrorType.ShouldBe("ActivityTaskNotFound");
        isAsked.ShouldBeFalse();
    }

    [Fact]
    [Conforms("TaskOptions given as the input without options are an ArgumentException", Source.DurableTaskDotnet)]
    public async Task OptionsAsInput_AreRefused()
    {
        var host = await NewHost()
            .Orchestrator("Confused", c => c.CallActivityAsync<int>("Any", (object)new TaskOptions(new RetryPolicy(2, TimeSpan.FromSeconds(1)))))
            .StartAsync();

        (await host.RunAsync("Confused")).FailureDetails!.ErrorType.ShouldBe("System.ArgumentException");
    }
}
