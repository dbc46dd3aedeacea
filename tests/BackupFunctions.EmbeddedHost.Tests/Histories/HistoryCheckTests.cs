using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.Durable.Histories;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.Durable.Replay;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.EmbeddedHost.Tests.Histories;

public sealed class HistoryCheckTests
{
    private static readonly DateTime Time = new(2026, 11, 21, 2, 0, 0, DateTimeKind.Utc);

    /// <summary>Calls First, then Second; between them an event.</summary>
    private static readonly HistoryEvent[] Waiting =
    [
        new OrchestratorStartedEvent(Time),
        new ExecutionStartedEvent(Time, "Flow", null, null, null),
        new TaskScheduledEvent(0, Time, "First", null, null, null),
        new OrchestratorCompletedEvent(Time),
        new OrchestratorStartedEvent(Time),
        new TaskCompletedEvent(Time, 0, "1"),
        new OrchestratorCompletedEvent(Time),
    ];

    private static readonly HistoryEvent[] Finished =
    [
        .. Waiting,
        new OrchestratorStartedEvent(Time),
        new EventRaisedEvent(Time, "go", null),
        new TaskScheduledEvent(1, Time, "Second", null, null, null),
        new OrchestratorCompletedEvent(Time),
        new OrchestratorStartedEvent(Time),
        new TaskCompletedEvent(Time, 1, "2"),
        new ExecutionCompletedEvent(2, Time, OrchestrationRuntimeStatus.Completed, "2", null),
        new OrchestratorCompletedEvent(Time),
    ];

    [Fact]
    public void Check_SameCode_FitsAndTellsWhatItWaitsFor()
    {
        Check(Flow, Finished).Mismatch.ShouldBeNull();
        var waiting = Check(Flow, Waiting);
        waiting.Mismatch.ShouldBeNull();
        waiting.AwaitedEvents.ShouldBe(["go"]);
        waiting.OpenActions.ShouldBeEmpty();
        Check(Flow, Waiting[..4]).OpenActions.ShouldBe([0]);
    }

    [Fact]
    public void Check_ActivityRenamed_NamesBoth() =>
        Check(
            async context =>
            {
                await context.CallActivityAsync<int>("Renamed");
                return await context.WaitForExternalEvent<object?>("go");
            },
            Waiting).Mismatch.ShouldBe(
            "Non-Deterministic workflow detected: A previous execution of this orchestration scheduled an activity task named 'First' with sequence ID 0, "
            + "but the current orchestration replay instead produced an activity task named 'Renamed' with this sequence number. "
            + "Was a change made to the orchestrator code after this instance had already started running?");

    [Fact]
    public void Check_ActivityDropped_NamesIt() =>
        Check(context => context.WaitForExternalEvent<object?>("go"), Waiting).Mismatch!.ShouldContain("hasn't (yet?) scheduled this task");

    [Fact]
    public void Check_CodeEndsEarlier_IsAMismatch() =>
        Check(async context => await context.CallActivityAsync<int>("First"), Waiting)
            .Mismatch.ShouldBe("The history ends as Running, but the present code ends there as Completed.");

    [Fact]
    public void Check_CodeGoesOnAfterTheEnd_NamesWhatItAsksFor()
    {
        static async Task<object?> Longer(TaskOrchestrationContext context)
        {
            await Flow(context);
            return await context.CallActivityAsync<int>("Third");
        }

        Check(Longer, Finished).Mismatch.ShouldBe("The history ends as Completed, but the present code goes on there with activity 'Third'.");
        Check(Longer, Waiting).Mismatch.ShouldBeNull();
    }

    [Fact]
    public void Check_CodeFailsOnOldData_SaysHow() =>
        Check(
            async context =>
            {
                await context.CallActivityAsync<int>("First");
                throw new InvalidOperationException("The result has another shape now.");
            },
            Waiting).Mismatch.ShouldBe("The history ends as Running, but the present code fails there: The result has another shape now.");

    [Fact]
    public void Check_MoreActionsBeforeTheSameEnd_AreCounted() =>
        Check(
            async context =>
            {
                await Flow(context);
                context.SendEvent("other", "told", "x");
                return null;
            },
            Finished).Mismatch.ShouldBe("The history ends after 2 actions, but the present code ends after 3.");

    [Fact]
    public void Check_OrchestratorGone_IsAMismatch() =>
        new HistoryCheck(new DurableFunctionRegistry(), Settings()).Check(History(Waiting)).Mismatch!.ShouldContain("The orchestrator Flow is not part of this app");

    [Fact]
    public void Check_EndedByOthers_IsReplayedUpToThere()
    {
        HistoryEvent[] terminated =
        [
            .. Waiting,
            new OrchestratorStartedEvent(Time),
            new ExecutionTerminatedEvent(Time, "\"by hand\"", Recursive: false),
            new ExecutionCompletedEvent(HistoryEvent.NoAction, Time, OrchestrationRuntimeStatus.Terminated, "\"by hand\"", null),
            new OrchestratorCompletedEvent(Time),
        ];
        HistoryEvent[] atOnce =
        [
            new OrchestratorStartedEvent(Time),
            new ExecutionStartedEvent(Time, "Flow", null, null, null),
            .. terminated[^3..],
        ];
        HistoryEvent[] poisoned = [.. Waiting, new ExecutionCompletedEvent(HistoryEvent.NoAction, Time, OrchestrationRuntimeStatus.Failed, null, Failure("OrchestrationPoisoned", "x"))];

        Check(Flow, terminated).Mismatch.ShouldBeNull();
        Check(Flow, atOnce).Mismatch.ShouldBeNull();
        Check(Flow, poisoned).Mismatch.ShouldBeNull();
        Check(context => context.WaitForExternalEvent<object?>("go"), terminated).Mismatch.ShouldNotBeNull();
        Check(Flow, []).Mismatch.ShouldBeNull();
    }

    [Fact]
    public void Check_FailedForAnotherCode_FitsOnceTheCodeIsBack()
    {
        HistoryEvent[] failed =
        [
            .. Waiting,
            new OrchestratorStartedEvent(Time),
            new ExecutionCompletedEvent(1, Time, OrchestrationRuntimeStatus.Failed, null, Failure(typeof(NonDeterminismException).FullName!, "x")),
            new OrchestratorCompletedEvent(Time),
        ];

        Check(Flow, failed).Mismatch.ShouldBeNull();
        Check(context => context.WaitForExternalEvent<object?>("go"), failed).Mismatch.ShouldNotBeNull();
    }

    [Fact]
    public void Check_FailedByItsCode_HasToFailAgain()
    {
        static async Task<object?> Throws(TaskOrchestrationContext context)
        {
            await context.CallActivityAsync<int>("First");
            throw new InvalidOperationException("as before");
        }

        HistoryEvent[] failed =
        [
            .. Waiting[..6],
            new ExecutionCompletedEvent(1, Time, OrchestrationRuntimeStatus.Failed, null, Failure("System.InvalidOperationException", "as before")),
            new OrchestratorCompletedEvent(Time),
        ];

        Check(Throws, failed).Mismatch.ShouldBeNull();
        Check(Flow, failed).Mismatch.ShouldBe("The history ends as Failed, but the present code goes on waiting there.");
    }

    private static async Task<object?> Flow(TaskOrchestrationContext context)
    {
        await context.CallActivityAsync<int>("First");
        await context.WaitForExternalEvent<object?>("go");
        return await context.CallActivityAsync<int>("Second");
    }

    private static ReplayVerdict Check(Func<TaskOrchestrationContext, Task<object?>> code, HistoryEvent[] events)
    {
        var functions = new DurableFunctionRegistry();
        functions.AddOrchestrator("Flow", code);
        return new HistoryCheck(functions, Settings()).Check(History(events));
    }

    private static StoredHistory History(HistoryEvent[] events) => new("flow", "Flow", null, OrchestrationRuntimeStatus.Running, null, events);

    private static TaskFailureDetails Failure(string type, string message) => new(type, message, null, null, null);

    private static ReplaySettings Settings() => ReplaySettings.Of(new DurableEngineOptions(), new JsonDataConverter(), NullLoggerFactory.Instance);
}
