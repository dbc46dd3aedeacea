using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>
/// Takes the failure out of a failed history, and with it as little else as the orchestrator's code allows. The code itself is the
/// judge: failures are taken away from the last one backwards until a replay does not fail any more. So a failure that the code
/// handled stays, a retried activity gets one more attempt, and of a fan-out only what failed runs again.
/// </summary>
/// <param name="replay">Replays a history; the outcome says how the code ended.</param>
/// <param name="isResumable">Whether a failed sub-orchestration can be rewound itself, instead of being run anew.</param>
internal sealed class HistoryRewind(Func<IReadOnlyList<HistoryEvent>, ReplayOutcome> replay, Func<string, bool> isResumable)
{
    /// <returns>The history without the failure, or null when the code fails whatever is taken away.</returns>
    public List<HistoryEvent>? Run(IReadOnlyList<HistoryEvent> failed)
    {
        var history = failed.Where(e => e is not (ExecutionCompletedEvent or ExecutionFailedEvent)).ToList();
        Forget(history, Unanswered(history));
        var failures = history.Where(e => e is TaskFailedEvent or SubOrchestrationFailedEvent).ToList();
        for (var first = failures.Count; first >= 0; first--)
        {
            if (Without(history, failures[first..]) is { } rewound)
            {
                return rewound;
            }
        }

        return null;
    }

    private static void Forget(List<HistoryEvent> history, HashSet<int> ids) =>
        history.RemoveAll(e => ids.Contains(e is ActionEvent ? e.EventId : AnsweredId(e)));

    /// <summary>Their answers were addressed to the execution that failed: they have to be asked for again.</summary>
    private static HashSet<int> Unanswered(List<HistoryEvent> history)
    {
        var answered = history.Select(AnsweredId).ToHashSet();
        return [.. history.Where(e => e is TaskScheduledEvent or TimerCreatedEvent).Select(e => e.EventId).Except(answered)];
    }

    private static int AnsweredId(HistoryEvent happened) => happened switch
    {
        TaskCompletedEvent e => e.ScheduledId,
        TaskFailedEvent e => e.ScheduledId,
        TimerFiredEvent e => e.TimerId,
        SubOrchestrationCompletedEvent e => e.ScheduledId,
        SubOrchestrationFailedEvent e => e.ScheduledId,
        _ => HistoryEvent.NoAction,
    };

    private List<HistoryEvent>? Without(List<HistoryEvent> history, List<HistoryEvent> failures)
    {
        var rewound = history.Except(failures, ReferenceEqualityComparer.Instance).Cast<HistoryEvent>().ToList();
        Forget(rewound, [.. failures.Where(failure => !IsResumable(history, failure)).Select(AnsweredId)]);
        while (true)
        {
            var outcome = replay(rewound);
            if (outcome.UnmatchedActionId is { } consequence && failures.Count > 0)
            {
                // What the code did because of a failure that is gone.
                Forget(rewound, [consequence]);
            }
            else
            {
                return outcome.Status == OrchestrationRuntimeStatus.Failed ? null : rewound;
            }
        }
    }

    private bool IsResumable(List<HistoryEvent> history, HistoryEvent failure) =>
        failure is SubOrchestrationFailedEvent sub
        && history.OfType<SubOrchestrationCreatedEvent>().FirstOrDefault(e => e.EventId == sub.ScheduledId) is { } created
        && isResumable(created.InstanceId);
}
