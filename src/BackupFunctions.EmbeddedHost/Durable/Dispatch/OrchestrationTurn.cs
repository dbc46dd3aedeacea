using System.Collections.ObjectModel;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.Durable.Replay;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.State;

namespace BackupFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>
/// One turn of an instance: which of the due events it takes, what its code makes of them, and what has to be written.
/// Touches neither clock nor database.
/// </summary>
internal sealed class OrchestrationTurn(DurableFunctionRegistry functions, ReplaySettings settings, DurableEngineOptions options)
{
    private readonly PayloadLimit _limit = new(options.MaxPayload);

    /// <param name="item">The instance with its history and due events.</param>
    /// <param name="utcNow">The turn's time.</param>
    /// <param name="whenLeft">Called when the orchestrator turns out, after the turn, to wait for something that is not durable.</param>
    public Checkpoint Run(OrchestrationWorkItem item, DateTime utcNow, Action whenLeft)
    {
        var events = TurnEvents.Of(item);
        var now = NotBefore(utcNow, item.History, events.Fresh);
        var unchanged = new Checkpoint(item.Lock.Status, now)
        {
            CustomStatus = item.Lock.CustomStatus,
            Consumed = events.Consumed,
            Held = events.Held,
        };
        if (events.Fresh.Count == 0)
        {
            return unchanged;
        }

        HistoryEvent[] fresh = [new OrchestratorStartedEvent(now), .. events.Fresh];
        return events.Kind switch
        {
            TurnKind.End => Ended(unchanged, item.Lock, fresh, events.End!),
            TurnKind.Suspend => unchanged with
            {
                Status = OrchestrationRuntimeStatus.Suspended,
                History = [.. fresh, new OrchestratorCompletedEvent(now)],
            },
            _ => Replayed(unchanged, item, fresh, whenLeft),
        };
    }

    /// <summary>Ends an instance for a reason outside of its own code.</summary>
    public static Checkpoint GiveUp(OrchestrationLock held, IReadOnlyList<long> consumed, DateTime now, TaskFailureDetails failure) =>
        new Checkpoint(OrchestrationRuntimeStatus.Failed, now)
        {
            CustomStatus = held.CustomStatus,
            Failure = failure,
            Consumed = consumed,
            History = [new ExecutionCompletedEvent(HistoryEvent.NoAction, now, OrchestrationRuntimeStatus.Failed, null, failure)],
            Outgoing = ForParent(held, new SubOrchestrationFailedEvent(now, held.Parent?.TaskId ?? 0, failure)),
        };

    /// <summary>The orchestrator's clock never goes back, and is never before a timer that fired.</summary>
    private static DateTime NotBefore(DateTime utcNow, IReadOnlyList<HistoryEvent> history, IReadOnlyList<HistoryEvent> fresh)
    {
        var last = history.Count > 0 ? history[^1].Timestamp : utcNow;
        return fresh.OfType<TimerFiredEvent>().Select(fired => fired.FireAt).Append(last).Append(utcNow).Max();
    }

    private static Checkpoint Ended(Checkpoint unchanged, OrchestrationLock held, HistoryEvent[] fresh, HistoryEvent end)
    {
        var now = unchanged.Now;
        var terminated = end as ExecutionTerminatedEvent;
        var status = terminated is null ? OrchestrationRuntimeStatus.Failed : OrchestrationRuntimeStatus.Terminated;
        var failure = (end as ExecutionFailedEvent)?.Failure;
        var forParent = failure ?? new TaskFailureDetails(
            "OrchestrationTerminated", $"The sub-orchestration was terminated: {terminated?.Output}", null, null, null);
        return unchanged with
        {
            Status = status,
            Output = terminated?.Output,
            Failure = failure,
            History =
            [
                .. fresh,
                new ExecutionCompletedEvent(HistoryEvent.NoAction, now, status, terminated?.Output, failure),
                new OrchestratorCompletedEvent(now),
            ],
            ForChildren = terminated is { Recursive: true } ? terminated : null,
            Outgoing = ForParent(held, new SubOrchestrationFailedEvent(now, held.Parent?.TaskId ?? 0, forParent)),
        };
    }

    private static OutgoingEvent[] ForParent(OrchestrationLock held, HistoryEvent answer) =>
        held.Parent is { } parent ? [new OutgoingEvent(parent.InstanceId, answer, parent.ExecutionId)] : [];

    private Checkpoint Replayed(Checkpoint unchanged, OrchestrationWorkItem item, HistoryEvent[] fresh, Action whenLeft)
    {
        var held = item.Lock;
        var parent = held.Parent is { } link ? new ParentOrchestrationInstance(link.Name, link.InstanceId) : null;
        var instance = new ReplayInstance(held.Name, held.InstanceId, held.Version ?? string.Empty, parent, held.CustomStatus);
        var outcome = Limited(new OrchestrationReplay(instance, functions, settings).Run(item.History, fresh, whenLeft), held.CustomStatus);
        var checkpoint = unchanged with { Status = outcome.Status, CustomStatus = outcome.CustomStatus };
        var events = outcome.Actions.OfType<EventSentEvent>()
            .Select(sent => new OutgoingEvent(sent.InstanceId, new EventRaisedEvent(checkpoint.Now, sent.Name, sent.Input)));
        return outcome.Status switch
        {
            OrchestrationRuntimeStatus.Running => Waiting(checkpoint, held, fresh, outcome, events),
            OrchestrationRuntimeStatus.ContinuedAsNew => checkpoint with
            {
                Status = OrchestrationRuntimeStatus.Running,
                Outgoing = [.. events],
                Next = (NewId(), NextStart(checkpoint.Now, held, outcome.Next!), outcome.CarriedEvents),
            },
            _ => Completed(checkpoint, held, fresh, outcome, events),
        };
    }

    /// <summary>A value that is too large ends the orchestration that made it; otherwise it would try for ever.</summary>
    private ReplayOutcome Limited(ReplayOutcome outcome, string? formerStatus)
    {
        var status = _limit.Failure(outcome.CustomStatus, "The custom status");
        var failure = _limit.Failure(outcome.Output, "The output")
            ?? status
            ?? _limit.Failure(outcome.Next?.Input, "The input of the next execution")
            ?? outcome.Actions
                .Select(action => _limit.Failure(EventPayload.Of(action), $"The input of {action.Kind} '{action.ActionName}'"))
                .FirstOrDefault(found => found is not null);
        return failure is null
            ? outcome
            : new ReplayOutcome(OrchestrationRuntimeStatus.Failed)
            {
                Failure = failure,
                CompletionId = outcome.CompletionId,
                CustomStatus = status is null ? outcome.CustomStatus : formerStatus,
            };
    }

    private Checkpoint Waiting(
        Checkpoint checkpoint, OrchestrationLock held, HistoryEvent[] fresh, ReplayOutcome outcome, IEnumerable<OutgoingEvent> events)
    {
        var now = checkpoint.Now;
        var timers = outcome.Actions.OfType<TimerCreatedEvent>().Select(timer => new OutgoingEvent(
            held.InstanceId,
            new TimerFiredEvent(timer.FireAt, timer.EventId, timer.FireAt),
            held.ExecutionId,
            timer.FireAt <= now ? null : timer.FireAt));
        return checkpoint with
        {
            History = [.. fresh, .. outcome.Actions.Select(ForHistory), new OrchestratorCompletedEvent(now)],
            Tasks = [.. outcome.Actions.OfType<TaskScheduledEvent>()],
            Outgoing = [.. timers, .. events],
            Children = [.. outcome.Actions.OfType<SubOrchestrationCreatedEvent>().Select(action => (action, Child(now, held, action)))],
        };
    }

    private Checkpoint Completed(
        Checkpoint checkpoint, OrchestrationLock held, HistoryEvent[] fresh, ReplayOutcome outcome, IEnumerable<OutgoingEvent> events)
    {
        var now = checkpoint.Now;
        var taskId = held.Parent?.TaskId ?? 0;
        HistoryEvent answer = outcome.Failure is { } failure
            ? new SubOrchestrationFailedEvent(now, taskId, failure)
            : new SubOrchestrationCompletedEvent(now, taskId, outcome.Output);
        return checkpoint with
        {
            Output = outcome.Output,
            Failure = outcome.Failure,
            History =
            [
                .. fresh,
                .. outcome.Actions.Select(ForHistory),
                new ExecutionCompletedEvent(outcome.CompletionId, now, outcome.Status, outcome.Output, outcome.Failure),
                new OrchestratorCompletedEvent(now),
            ],
            Outgoing = [.. events, .. ForParent(held, answer)],
        };
    }

    private static NewInstance Child(DateTime now, OrchestrationLock parent, SubOrchestrationCreatedEvent action)
    {
        var link = new ParentLink(parent.Name, parent.InstanceId, parent.ExecutionId, action.EventId);
        var started = new ExecutionStartedEvent(now, action.Name, action.Version, action.Input, link);
        var tags = new Dictionary<string, string>(parent.Tags, StringComparer.Ordinal);
        foreach (var (key, value) in action.Tags ?? ReadOnlyDictionary<string, string>.Empty)
        {
            tags[key] = value;
        }

        return new NewInstance(action.InstanceId, NewId(), started, null, tags);
    }

    private static ExecutionStartedEvent NextStart(DateTime now, OrchestrationLock held, NextExecution next) =>
        new(now, held.Name, string.IsNullOrWhiteSpace(next.Version) ? held.Version : next.Version, next.Input, held.Parent);

    private static string NewId() => Guid.NewGuid().ToString("N");

    private HistoryEvent ForHistory(ActionEvent action) => options.StoreInputsInHistory
        ? action
        : action switch
        {
            TaskScheduledEvent task => task with { Input = null },
            SubOrchestrationCreatedEvent child => child with { Input = null },
            EventSentEvent sent => sent with { Input = null },
            _ => action,
        };
}
