using BackupFunctions.EmbeddedHost.Durable.Histories;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>
/// What an instance waits for: what its history asked for and has no answer to. The wait for an external event is in no history, only the
/// code knows it; with the code at hand, timers that were canceled and answers nobody wants any more are left out too.
/// </summary>
internal static class WaitFinder
{
    /// <param name="facts">The instance.</param>
    /// <param name="code">What the present code makes of it; null when the code is not at hand or does not fit.</param>
    /// <param name="hostName">The name of a host for people.</param>
    public static List<Wait> Find(InstanceFacts facts, ReplayVerdict? code, Func<int, string> hostName)
    {
        if (facts.History.Events.Count == 0)
        {
            return [Start(facts)];
        }

        var waits = Open(facts.History.Events)
            .Where(action => code is null || code.OpenActions.Contains(action.EventId))
            .Select(action => Describe(action, facts, hostName))
            .ToList();
        var since = facts.Instance.LastUpdatedAt;
        if (code is not null)
        {
            waits.AddRange(code.AwaitedEvents.Select(name => new Wait(WaitKind.ExternalEvent, name, since)));
        }
        else if (waits.Count == 0)
        {
            waits.Add(new Wait(WaitKind.Unknown, Name: null, since));
        }

        return waits;
    }

    private static Wait Start(InstanceFacts facts)
    {
        var start = facts.Events.FirstOrDefault(e => e.Event is ExecutionStartedEvent);
        return new Wait(WaitKind.Start, facts.Instance.Name, facts.Instance.CreatedAt)
        {
            DueAt = start is not null && start.VisibleAt > DateTime.MinValue ? start.VisibleAt : null,
            IsLost = start is null,
        };
    }

    /// <summary>Actions without an answer in the history.</summary>
    private static IEnumerable<ActionEvent> Open(IReadOnlyList<HistoryEvent> history)
    {
        var answered = history.Select(AnsweredId).ToHashSet();
        return history.OfType<ActionEvent>().Where(action => action is not EventSentEvent && !answered.Contains(action.EventId));
    }

    private static int? AnsweredId(HistoryEvent happened) => happened switch
    {
        TaskCompletedEvent e => e.ScheduledId,
        TaskFailedEvent e => e.ScheduledId,
        TimerFiredEvent e => e.TimerId,
        SubOrchestrationCompletedEvent e => e.ScheduledId,
        SubOrchestrationFailedEvent e => e.ScheduledId,
        _ => null,
    };

    private static Wait Describe(ActionEvent action, InstanceFacts facts, Func<int, string> hostName)
    {
        var isAnswered = facts.Events.Any(e => AnsweredId(e.Event) == action.EventId);
        return action switch
        {
            TimerCreatedEvent timer => new Wait(WaitKind.Timer, Name: null, timer.Timestamp) { DueAt = timer.FireAt, IsLost = !isAnswered },
            SubOrchestrationCreatedEvent child => Child(child, facts, isAnswered),
            _ => Activity(action, facts.Tasks.FirstOrDefault(task => task.TaskId == action.EventId), isAnswered, hostName),
        };
    }

    private static Wait Child(SubOrchestrationCreatedEvent action, InstanceFacts facts, bool isAnswered)
    {
        var status = facts.Children.GetValueOrDefault(action.InstanceId);
        var works = status is nameof(OrchestrationRuntimeStatus.Running) or nameof(OrchestrationRuntimeStatus.Pending)
            or nameof(OrchestrationRuntimeStatus.Suspended);
        return new Wait(WaitKind.SubOrchestration, action.Name, action.Timestamp)
        {
            InstanceId = action.InstanceId,
            State = isAnswered ? "answered" : status ?? "absent",
            IsLost = !isAnswered && !works,
        };
    }

    private static Wait Activity(ActionEvent action, PendingTask? task, bool isAnswered, Func<int, string> hostName) =>
        new(WaitKind.Activity, action.ActionName, action.Timestamp)
        {
            State = isAnswered ? "answered" : task switch { null => "absent", { Owner: null } => "queued", _ => "running" },
            HeldBy = task?.Owner is { } owner ? hostName(owner) : null,
            Deliveries = task?.Deliveries,
            IsLost = !isAnswered && task is null,
        };
}
