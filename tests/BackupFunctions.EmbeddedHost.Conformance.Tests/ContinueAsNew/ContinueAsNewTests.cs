using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.ContinueAsNew;

public sealed class ContinueAsNewTests(StateServer server) : EngineTest(server)
{
    [Fact]
    [Conforms("ContinueAsNew keeps instance id and custom status, takes the new input and drops the history", Source.DurableTaskCore)]
    public async Task ContinueAsNew_ManyTimes_KeepsTheIdAndDropsTheHistory()
    {
        var host = await NewHost()
            .Orchestrator("Counts", async c =>
            {
                var n = await c.CallActivityAsync<int>("Next", c.GetInput<int>());
                c.SetCustomStatus(n);
                if (n < 20)
                {
                    c.ContinueAsNew(n);
                }

                return n;
            })
            .Activity<int>("Next", n => n + 1)
            .StartAsync();

        var end = await host.RunAsync("Counts", 0);

        end.ReadOutputAs<int>().ShouldBe(20);
        end.ReadCustomStatusAs<int>().ShouldBe(20);
        end.ReadInputAs<int>().ShouldBe(19);
        (await host.EventsAsync(end.InstanceId)).ShouldBe(["ExecutionStarted", "TaskScheduled", "TaskCompleted", "ExecutionCompleted"]);
    }

    [Theory]
    [InlineData(true, "1,2,3")]
    [InlineData(false, "timed out")]
    [Conforms("Buffered events go to the next execution in their order unless preserveUnprocessedEvents is false", Source.DurableTaskDotnet)]
    public async Task UnprocessedEvents_ArePreservedOnlyWhenAsked(bool preserve, string expected)
    {
        var host = await NewHost()
            .Orchestrator("Keeps", async c =>
            {
                if (c.GetInput<string>() is null)
                {
                    await c.WaitForExternalEvent<string>("go");
                    c.ContinueAsNew("second", preserve);
                    return "first";
                }

                try
                {
                    var numbers = new List<int>();
                    for (var i = 0; i < 3; i++)
                    {
                        numbers.Add(await c.WaitForExternalEvent<int>("n", TimeSpan.FromMilliseconds(300)));
                    }

                    return string.Join(',', numbers);
                }
                catch (TaskCanceledException)
                {
                    return "timed out";
                }
            })
            .StartAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Keeps");
        await host.Client.RaiseEventAsync(id, "n", 1);
        await host.Client.RaiseEventAsync(id, "n", 2);
        await host.Client.RaiseEventAsync(id, "n", 3);
        await WaitForEventsAsync(host, id, 3);

        await host.Client.RaiseEventAsync(id, "go");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe(expected);
    }

    [Fact]
    [Conforms("ContinueAsNew followed by an exception fails the instance", Source.DurableTaskCore)]
    public async Task ContinueAsNew_ThenThrowing_FailsTheInstance()
    {
        var host = await NewHost()
            .Orchestrator<string>("Throws", c =>
            {
                c.ContinueAsNew("again");
                throw new IOException("after");
            })
            .StartAsync();

        var end = await host.RunAsync("Throws");

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        end.FailureDetails!.ErrorMessage.ShouldBe("after");
    }

    [Fact]
    [Conforms("ContinueAsNewOptions.NewVersion is the version of the next execution", Source.DurableTaskDotnet)]
    public async Task ContinueAsNew_WithNewVersion_RunsAsThat()
    {
        var host = await NewHost()
            .Orchestrator("Upgrades", c =>
            {
                if (c.CompareVersionTo("2.0") < 0)
                {
                    c.ContinueAsNew(new ContinueAsNewOptions { NewVersion = "2.0" });
                }

                return Task.FromResult(c.Version);
            })
            .StartAsync();

        var end = await host.RunAsync("Upgrades", null, new StartOrchestrationOptions { Version = "1.5" });

        end.ReadOutputAs<string>().ShouldBe("2.0");
    }

    [Fact]
    [Conforms("A sub-orchestration that continues as new answers its parent in the end", Source.DurableTaskCore)]
    public async Task Child_ThatContinuesAsNew_StillAnswersItsParent()
    {
        var host = await NewHost()
            .Orchestrator("Parent", c => c.CallSubOrchestratorAsync<int>("Child", 0))
            .Orchestrator("Child", c =>
            {
                var n = c.GetInput<int>();
                if (n < 3)
                {
                    c.ContinueAsNew(n + 1);
                }

                return Task.FromResult(n);
            })
            .StartAsync();

        (await host.RunAsync("Parent")).ReadOutputAs<int>().ShouldBe(3);
    }

    private static async Task WaitForEventsAsync(EngineHost host, string id, int count)
    {
        await Until.TrueAsync(async () => (await host.EventsAsync(id)).Count(type => type is "EventRaised") >= count);
    }
}
