using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Payloads;

/// <summary>What is larger than the maximum fails with a message; it is never stuck.</summary>
public sealed class PayloadLimitTests(StateServer server) : EngineTest(server)
{
    private static readonly string TooLarge = new('x', 5000);

    [Fact]
    [Conforms("A client's input, event or output over the maximum is refused with sizes and a way out", Source.Own)]
    public async Task Client_WithAValueOverTheMaximum_IsRefused()
    {
        var host = await HostAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits");

        var refused = await Should.ThrowAsync<ArgumentException>(() => host.Client.ScheduleNewOrchestrationInstanceAsync("Waits", TooLarge));
        await Should.ThrowAsync<ArgumentException>(() => host.Client.RaiseEventAsync(id, "e", TooLarge));
        await Should.ThrowAsync<ArgumentException>(() => host.Client.TerminateInstanceAsync(id, TooLarge));

        refused.Message.ShouldContain("has 5002 bytes, more than the 4000 that a value may have: keep the data in storage and pass its place.");
    }

    [Theory]
    [InlineData("Output", "The output has 5002 bytes")]
    [InlineData("ActivityInput", "The input of activity 'Makes' has 5002 bytes")]
    [InlineData("ChildInput", "The input of sub-orchestration 'Waits' has 5002 bytes")]
    [InlineData("Event", "The input of external event 'e' has 5002 bytes")]
    [InlineData("Status", "The custom status has 5002 bytes")]
    [InlineData("Again", "The input of the next execution has 5002 bytes")]
    [Conforms("An orchestrator that makes a value over the maximum fails, it is not stuck", Source.DurableTaskDotnet)]
    public async Task Orchestrator_WithAValueOverTheMaximum_Fails(string what, string message)
    {
        var host = await HostAsync();

        var end = await host.RunAsync("Makes", what);

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        end.FailureDetails!.ErrorType.ShouldBe("PayloadTooLarge");
        end.FailureDetails.ErrorMessage.ShouldStartWith(message);
    }

    [Fact]
    [Conforms("An activity's result over the maximum fails the activity without retry; the orchestrator can catch it", Source.DurableTaskDotnet)]
    public async Task Activity_WithAResultOverTheMaximum_Fails()
    {
        var retry = TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromHours(1)));
        var host = await NewHost(options => options.MaxPayload = 4000)
            .Orchestrator("Calls", async c =>
            {
                try
                {
                    return await c.CallActivityAsync<string>("Makes", null, retry);
                }
                catch (TaskFailedException failed)
                {
                    return failed.FailureDetails.ErrorType;
                }
            })
            .Activity<string>("Makes", _ => TooLarge)
            .StartAsync();

        (await host.RunAsync("Calls")).ReadOutputAs<string>().ShouldBe("PayloadTooLarge");
    }

    private Task<EngineHost> HostAsync() => NewHost(options => options.MaxPayload = 4000)
        .Orchestrator("Waits", c => c.WaitForExternalEvent<string>("e"))
        .Orchestrator("Makes", async c =>
        {
            switch (c.GetInput<string>())
            {
                case "ActivityInput":
                    await c.CallActivityAsync("Makes", TooLarge);
                    break;
                case "ChildInput":
                    await c.CallSubOrchestratorAsync("Waits", TooLarge);
                    break;
                case "Event":
                    c.SendEvent("somebody", "e", TooLarge);
                    break;
                case "Status":
                    c.SetCustomStatus(TooLarge);
                    break;
                case "Again":
                    c.ContinueAsNew(TooLarge);
                    break;
            }

            return c.GetInput<string>() is "Output" ? TooLarge : "small";
        })
        .Activity<string>("Makes", text => text)
        .StartAsync();
}
