using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.State;

namespace BackupFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>What becomes of the due events of an instance in a turn.</summary>
/// <param name="Kind">What the turn is.</param>
/// <param name="Fresh">New to the history, in order.</param>
/// <param name="Consumed">Sequence numbers of events that are dealt with, wanted or not.</param>
/// <param name="Held">Sequence numbers of events that wait for the instance to be resumed or started.</param>
/// <param name="End">What ends the instance from outside of its code; null unless the turn is that.</param>
internal sealed record TurnEvents(
    TurnKind Kind,
    IReadOnlyList<HistoryEvent> Fresh,
    IReadOnlyList<long> Consumed,
    IReadOnlyList<long> Held,
    HistoryEvent? End = null)
{
    public static TurnEvents Of(OrchestrationWorkItem item)
    {
        var all = item.Events.Select(e => e.SequenceNumber).ToList();
        if (InstanceStates.IsFinal(item.Lock.Status))
        {
            return new TurnEvents(TurnKind.Replay, [], all, []);
        }

        var wanted = Wanted(item);
        if (wanted.Select(e => e.Event).FirstOrDefault(e => e is ExecutionTerminatedEvent or ExecutionFailedEvent) is { } end)
        {
            var started = wanted.Select(e => e.Event).Where(e => e is ExecutionStartedEvent);
            return new TurnEvents(TurnKind.End, [.. started, end], all, [], end);
        }

        var isStarted = IsStarted(item.History) || wanted.Any(e => e.Event is ExecutionStartedEvent);
        var suspended = IsSuspended(item.Lock.Status, wanted);
        if (!suspended && isStarted)
        {
            return new TurnEvents(TurnKind.Replay, [.. wanted.Select(e => e.Event)], all, []);
        }

        // Everything but the control of the instance itself waits, in its order.
        var held = wanted.Where(e => !suspended || !IsControl(e.Event)).Select(e => e.SequenceNumber).ToList();
        var fresh = suspended ? wanted.Select(e => e.Event).Where(IsControl).ToList() : [];
        return new TurnEvents(TurnKind.Suspend, fresh, [.. all.Except(held)], held);
    }

    /// <summary>Without those for other executions, and without a second start.</summary>
    private static List<PendingEvent> Wanted(OrchestrationWorkItem item)
    {
        var started = IsStarted(item.History);
        var wanted = new List<PendingEvent>();
        foreach (var pending in item.Events)
        {
            var foreign = pending.ExecutionId is { } execution
                && !string.Equals(execution, item.Lock.ExecutionId, StringComparison.Ordinal);
            var repeated = pending.Event is ExecutionStartedEvent && started;
            started |= pending.Event is ExecutionStartedEvent && !foreign;
            if (!foreign && !repeated)
            {
                wanted.Add(pending);
            }
        }

        return wanted;
    }

    private static bool IsStarted(IReadOnlyList<HistoryEvent> history) => history.Any(e => e is ExecutionStartedEvent);

    private static bool IsSuspended(OrchestrationRuntimeStatus status, List<PendingEvent> wanted) =>
        wanted.Select(e => e.Event).LastOrDefault(IsControl) is { } last
            ? last is ExecutionSuspendedEvent
            : status == OrchestrationRuntimeStatus.Suspended;

    private static bool IsControl(HistoryEvent pending) => pending is ExecutionSuspendedEvent or ExecutionResumedEvent;
}
