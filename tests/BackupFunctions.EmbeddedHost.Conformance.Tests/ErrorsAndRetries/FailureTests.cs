using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.ErrorsAndRetries;

public sealed class FailureTests(StateServer server) : EngineTest(server)
{
    [Fact]
    [Conforms("Texts, numbers and truth values of an exception's Data are FailureDetails.Properties", Source.Own)]
    public async Task Exception_WithData_HasProperties()
    {
        var host = await NewHost()
            .Orchestrator("Calls", c => c.CallActivityAsync<int>("Fails"))
            .Activity<string>("Fails", _ => throw new IOException("full") { Data = { ["volume"] = "/data", ["free"] = 7, ["retry"] = true, ["stream"] = new object() } })
            .StartAsync();

        var properties = (await host.RunAsync("Calls")).FailureDetails!.InnerFailure!.Properties!;

        properties["volume"].ShouldBe("/data");
        properties["free"].ShouldBe(7.0);
        properties["retry"].ShouldBe(true);
        properties.Count.ShouldBe(3);
    }

    [Fact]
    [Conforms("An exception without Data has no Properties", Source.DurableTaskDotnet)]
    public async Task Exception_WithoutData_HasNoProperties()
    {
        var host = await NewHost().Orchestrator<int>("Fails", _ => throw new IOException("plain")).StartAsync();

        (await host.RunAsync("Fails")).FailureDetails!.Properties.ShouldBeNull();
    }

    [Fact]
    [Conforms("Inner causes are kept to the last one, with types and messages", Source.DurableTaskDotnet)]
    public async Task InnerCauses_AreKept()
    {
        var host = await NewHost()
            .Orchestrator("Parent", c => c.CallSubOrchestratorAsync<int>("Child"))
            .Orchestrator("Child", c => c.CallActivityAsync<int>("Fails"))
            .Activity<string>("Fails", _ => throw new InvalidOperationException("a", new IOException("b", new TimeoutException("c"))))
            .StartAsync();

        var chain = new List<string>();
        for (var details = (await host.RunAsync("Parent")).FailureDetails; details is not null; details = details.InnerFailure)
        {
            chain.Add(details.ErrorType.Split('.')[^1]);
        }

        chain.ShouldBe(["TaskFailedException", "TaskFailedException", "InvalidOperationException", "IOException", "TimeoutException"]);
    }

    [Fact]
    [Conforms("The orchestrator's own exception is the instance's failure with type, message and stack", Source.DurableTaskDotnet)]
    public async Task OwnException_IsTheFailure()
    {
        var host = await NewHost().Orchestrator<int>("Fails", _ => throw new InvalidDataException("odd")).StartAsync();

        var end = await host.RunAsync("Fails");

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        end.FailureDetails!.ErrorType.ShouldBe("System.IO.InvalidDataException");
        end.FailureDetails.ErrorMessage.ShouldBe("odd");
        end.FailureDetails.StackTrace.ShouldNotBeNull();
    }

    [Fact]
    [Conforms("IsCausedBy knows base classes and refuses what is no exception", Source.DurableTaskDotnet)]
    public async Task IsCausedBy_KnowsBaseClasses()
    {
        var host = await NewHost().Orchestrator<int>("Fails", _ => throw new FileNotFoundException("gone")).StartAsync();

        var failure = (await host.RunAsync("Fails")).FailureDetails!;

        failure.IsCausedBy<IOException>().ShouldBeTrue();
        failure.IsCausedBy<TimeoutException>().ShouldBeFalse();
        Should.Throw<ArgumentException>(() => failure.IsCausedBy(typeof(string)));
    }

    [Fact]
    [Conforms("One failure of a fan-out fails the instance when the others have ended", Source.DurableTaskCore)]
    public async Task FanOut_WithOneFailure_FailsAfterTheOthers()
    {
        var host = await NewHost()
            .Orchestrator("FanOut", c => Task.WhenAll(Enumerable.Range(0, 5).Select(n => c.CallActivityAsync<int>("Odd", n))))
            .Activity<int>("Odd", n => n == 2 ? throw new IOException("two") : n)
            .StartAsync();

        var end = await host.RunAsync("FanOut");

        end.FailureDetails!.InnerFailure!.ErrorMessage.ShouldBe("two");
        (await host.EventsAsync(end.InstanceId)).Count(type => type is "TaskCompleted").ShouldBe(4);
    }

    [Fact]
    [Conforms("An execution that asks for more than maxOrchestrationActions fails, caught or not", Source.DurableExtension)]
    public async Task Actions_OverTheMaximum_FailTheInstance()
    {
        var host = await NewHost(options => options.MaxOrchestrationActions = 10)
            .Orchestrator("Endless", async c =>
            {
                try
                {
                    await Task.WhenAll(Enumerable.Range(0, 11).Select(_ => c.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None)));
                }
                catch (InvalidOperationException)
                {
                    return 1;
                }

                return 2;
            })
            .StartAsync();

        var end = await host.RunAsync("Endless");

        end.FailureDetails!.ErrorMessage.ShouldStartWith("Maximum amount of orchestration actions (10) has been reached.");
    }

    [Fact]
    [Conforms("As many actions as maxOrchestrationActions are allowed", Source.DurableExtension)]
    public async Task Actions_AtTheMaximum_AreAllowed()
    {
        var host = await NewHost(options => options.MaxOrchestrationActions = 10)
            .Orchestrator("Ten", async c => (await Task.WhenAll(Enumerable.Range(0, 10).Select(n => c.CallActivityAsync<int>("Same", n)))).Length)
            .Activity<int>("Same", n => n)
            .StartAsync();

        (await host.RunAsync("Ten")).ReadOutputAs<int>().ShouldBe(10);
    }
}
