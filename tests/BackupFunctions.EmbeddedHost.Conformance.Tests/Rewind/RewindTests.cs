using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using System.Collections.Concurrent;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Rewind;

public sealed class RewindTests(StateServer server) : EngineTest(server)
{
    private readonly ConcurrentDictionary<string, int> _runs = new(StringComparer.Ordinal);
    private bool _isMended;

    [Fact]
    [Conforms("Rewind removes the failure and keeps what succeeded", Source.DurableTaskCore)]
    public async Task Rewind_RunsTheFailedStepAgainAndKeepsTheOthers()
    {
        var host = await HostAsync(async c =>
            await c.CallActivityAsync<string>("Sound", "a") + await c.CallActivityAsync<string>("Broken", "b") + await c.CallActivityAsync<string>("Sound", "c"));

        var end = await FailAndRewindAsync(host);

        end.ReadOutputAs<string>().ShouldBe("abc");
        end.FailureDetails.ShouldBeNull();
        _runs["a"].ShouldBe(1);
        _runs["b"].ShouldBe(2);
        (await host.EventsAsync(end.InstanceId)).ShouldContain("ExecutionRewound", StringComparer.Ordinal);
    }

    [Fact]
    [Conforms("Rewind of a fan-out runs again what failed and nothing else", Source.DurableTaskCore)]
    public async Task Rewind_OfAFanOut_RunsOnlyWhatFailed()
    {
        var host = await HostAsync(async c => string.Concat(await Task.WhenAll(
            c.CallActivityAsync<string>("Broken", "a"),
            c.CallActivityAsync<string>("Sound", "b"),
            c.CallActivityAsync<string>("Broken", "c"))));

        var end = await FailAndRewindAsync(host);

        end.ReadOutputAs<string>().ShouldBe("abc");
        _runs.OrderBy(run => run.Key, StringComparer.Ordinal).Select(run => run.Value).ShouldBe([2, 1, 2]);
    }

    [Fact]
    [Conforms("Rewind works after a retry policy gave up: one more attempt", Source.Own)]
    public async Task Rewind_AfterRetries_GivesOneMoreAttempt()
    {
        var retry = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(10)));
        var host = await HostAsync(async c =>
            await c.CallActivityAsync<string>("Sound", "a") + await c.CallActivityAsync<string>("Broken", "b", retry));

        var end = await FailAndRewindAsync(host);

        end.ReadOutputAs<string>().ShouldBe("ab");
        _runs["a"].ShouldBe(1);
        _runs["b"].ShouldBe(4);
    }

    [Fact]
    [Conforms("Rewind of a fan-out with retry policies gives each failed call one more attempt", Source.Own)]
    public async Task Rewind_OfAFanOutWithRetries_GivesEachFailedOneMoreAttempt()
    {
        var retry = TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromMilliseconds(10)));
        var host = await HostAsync(async c => string.Concat(await Task.WhenAll(
            c.CallActivityAsync<string>("Broken", "a", retry),
            c.CallActivityAsync<string>("Sound", "b", retry),
            c.CallActivityAsync<string>("Broken", "c", retry))));

        var end = await FailAndRewindAsync(host);

        end.ReadOutputAs<string>().ShouldBe("abc");
        _runs.OrderBy(run => run.Key, StringComparer.Ordinal).Select(run => run.Value).ShouldBe([3, 1, 3]);
    }

    [Fact]
    [Conforms("Rewind leaves a failure that the code handled", Source.Own)]
    public async Task Rewind_LeavesAFailureThatTheCodeHandled()
    {
        var host = await HostAsync(async c =>
        {
            var first = "";
            try
            {
                await c.CallActivityAsync<string>("AlwaysBroken", "x");
            }
            catch (TaskFailedException)
            {
                first = await c.CallActivityAsync<string>("Sound", "handled");
            }

            return first + await c.CallActivityAsync<string>("Broken", "b");
        });

        var end = await FailAndRewindAsync(host);

        end.ReadOutputAs<string>().ShouldBe("handledb");
        _runs["x"].ShouldBe(1);
        _runs["handled"].ShouldBe(1);
    }

    [Fact]
    [Conforms("Rewind drops what the code did because of the failure", Source.Own)]
    public async Task Rewind_AfterACompensation_DropsItWithTheFailure()
    {
        var host = await HostAsync(async c =>
        {
            try
            {
                return await c.CallActivityAsync<string>("Broken", "b");
            }
            catch (TaskFailedException)
            {
                await c.CallActivityAsync<string>("Sound", "compensation");
                throw;
            }
        });

        (await FailAndRewindAsync(host)).ReadOutputAs<string>().ShouldBe("b");
    }

    [Fact]
    [Conforms("Rewind reaches into failed sub-orchestrations", Source.DurableTaskCore)]
    public async Task Rewind_ReachesIntoFailedSubOrchestrations()
    {
        var host = await HostAsync(c => c.CallSubOrchestratorAsync<string>("Child"));

        var end = await FailAndRewindAsync(host);

        end.ReadOutputAs<string>().ShouldBe("child b");
        _runs["child "].ShouldBe(1);
    }

    [Fact]
    [Conforms("Rewind after the orchestrator's code was mended goes on from the stored history", Source.Own)]
    public async Task Rewind_OfACodeFailure_AfterTheCodeIsMended_GoesOn()
    {
        var host = await HostAsync(async c =>
        {
            var a = await c.CallActivityAsync<string>("Sound", "a");
            return _isMended ? a : throw new InvalidOperationException("bug");
        });

        (await FailAndRewindAsync(host)).ReadOutputAs<string>().ShouldBe("a");
        _runs["a"].ShouldBe(1);
    }

    [Fact]
    [Conforms("Rewind of an instance that would fail again at once is refused instead of leaving it stuck", Source.Own)]
    public async Task Rewind_ThatWouldFailAgainAtOnce_IsRefused()
    {
        var host = await HostAsync(_ => throw new InvalidOperationException("bug"));
        var end = await host.RunAsync("Flow");

        await Should.ThrowAsync<InvalidOperationException>(() => host.Client.RewindInstanceAsync(end.InstanceId, "try"));
        (await host.Client.GetInstanceAsync(end.InstanceId))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
    }

    [Fact]
    [Conforms("Only a failed instance can be rewound; else InvalidOperationException, ArgumentException when unknown", Source.DurableTaskDotnet)]
    public async Task Rewind_OfAnInstanceThatHasNotFailed_IsRefused()
    {
        var host = await HostAsync(_ => Task.FromResult("fine"));
        var end = await host.RunAsync("Flow");

        await Should.ThrowAsync<InvalidOperationException>(() => host.Client.RewindInstanceAsync(end.InstanceId, "why"));
        await Should.ThrowAsync<ArgumentException>(() => host.Client.RewindInstanceAsync("unknown", "why"));
    }

    private Task<EngineHost> HostAsync(Func<TaskOrchestrationContext, Task<string>> flow) => NewHost()
        .Orchestrator("Flow", flow)
        .Orchestrator("Child", async c =>
            await c.CallActivityAsync<string>("Sound", "child ") + await c.CallActivityAsync<string>("Broken", "b"))
        .Activity<string>("Sound", text => Run(text!))
        .Activity<string>("Broken", text => Run(text!) is { } done && _isMended ? done : throw new IOException("broken"))
        .Activity<string>("AlwaysBroken", text => throw new IOException(Run(text!)))
        .StartAsync();

    private string Run(string text)
    {
        _runs.AddOrUpdate(text, 1, (_, runs) => runs + 1);
        return text;
    }

    private async Task<OrchestrationMetadata> FailAndRewindAsync(EngineHost host)
    {
        var failed = await host.RunAsync("Flow");
        failed.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        _isMended = true;
        await host.Client.RewindInstanceAsync(failed.InstanceId, "mended");
        return await host.EndAsync(failed.InstanceId);
    }
}
