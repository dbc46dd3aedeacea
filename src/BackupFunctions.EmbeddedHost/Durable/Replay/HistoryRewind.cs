using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>
/// Takes the failure out of a failed history, and with it as little else as the orchestrator's code allows; the code itself is the
/// judge. Of a fan-out everything that failed runs again and nothing else; a retried activity gets one more attempt; a failure that
/// the code handled stays, unless the instance failed because of it in the end.
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
        return Candidates(replay(history).EscapedFailures)
            .Select(failures => Without(history, failures))
            .FirstOrDefault(rewound => rewound is not null);
    }

    /// <summary>Sets of action ids whose failures might be taken away, the smallest interference first.</summary>
    private static IEnumerable<HashSet<int>> Candidates(IReadOnlyList<EscapedFailure> escaped)
    {
        // The code may have been mended.
        yield return [];
        var ids = escaped.Where(failure => !failure.IsHandled).Select(failure => failure.ActionId).ToHashSet();
        yield return ids;
        foreach (var handled in escaped.Where(failure => failure.IsHandled).Reverse())
        {
            ids = [.. ids, handled.ActionId];
            yield return ids;
        }
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

    private List<HistoryEvent>? Without(List<HistoryEvent> history, HashSet<int> failures)
    {
        var rewound = history
            .Where(e => e is not (TaskFailedEvent or SubOrchestrationFailedEvent) || !failures.Contains(AnsweredId(e)))
            .ToList();
        var resumable = history.OfType<SubOrchestrationCreatedEvent>().Where(e => isResumable(e.InstanceId)).Select(e => e.EventId);
        Forget(rewound, [.. failures.Except(resumable)]);
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
}
