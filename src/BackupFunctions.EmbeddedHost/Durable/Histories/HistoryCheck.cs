using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.Durable.Replay;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Durable.Histories;

/// <summary>
/// Replays histories against the present code without any effect: would each instance go on as it began, or be failed as
/// non-deterministic? What happened at the end must come out again too, except for texts.
/// </summary>
internal sealed class HistoryCheck(DurableFunctionRegistry functions, ReplaySettings settings)
{
    public ReplayVerdict Check(StoredHistory history)
    {
        var past = OwnDoing(history.Events);
        if (!past.Any(happened => happened is ExecutionStartedEvent))
        {
            return new ReplayVerdict(Mismatch: null);
        }

        if (!functions.TryGetOrchestrator(history.Name, out _))
        {
            return new ReplayVerdict($"The orchestrator {history.Name} is not part of this app.");
        }

        var parent = history.Parent is { } link ? new ParentOrchestrationInstance(link.Name, link.InstanceId) : null;
        var instance = new ReplayInstance(history.Name, history.InstanceId, history.Version ?? string.Empty, parent, CustomStatus: null);
        var replay = new OrchestrationReplay(instance, functions, settings);
        var outcome = replay.Run(past, [], static () => { });
        return new ReplayVerdict(Mismatch(outcome, past.OfType<ExecutionCompletedEvent>().LastOrDefault()))
        {
            OpenActions = replay.OpenActions,
            AwaitedEvents = replay.AwaitedEvents,
        };
    }

    /// <summary>Without the turn in which somebody else ended the instance: the code was not asked there.</summary>
    private static List<HistoryEvent> OwnDoing(IReadOnlyList<HistoryEvent> events)
    {
        var past = events.Where(happened => happened is not ExecutionCompletedEvent { EventId: HistoryEvent.NoAction }).ToList();
        if (past.FindIndex(happened => happened is ExecutionTerminatedEvent or ExecutionFailedEvent) is >= 0 and var end)
        {
            var turn = past.FindLastIndex(end, happened => happened is OrchestratorStartedEvent);
            past.RemoveRange(Math.Max(turn, 0), past.Count - Math.Max(turn, 0));
        }

        return past;
    }

    private static string? Mismatch(ReplayOutcome outcome, ExecutionCompletedEvent? end)
    {
        if (outcome.UnmatchedActionId is not null)
        {
            return outcome.Failure!.ErrorMessage;
        }

        // An instance that was failed for not fitting, or for an illegal await, did not end where its code wanted to.
        var endedByEngine = end?.Failure?.ErrorType is { } type
            && (type == typeof(NonDeterminismException).FullName || end.Failure.ErrorMessage == ReplayContext.IllegalAwait);
        if (endedByEngine)
        {
            return null;
        }

        var recorded = end?.Status ?? OrchestrationRuntimeStatus.Running;
        if (outcome.Status != recorded)
        {
            return $"The history ends as {recorded}, but the present code {Describe(outcome)}.";
        }

        return end is not null && outcome.CompletionId != end.EventId
            ? $"The history ends after {end.EventId} actions, but the present code ends after {outcome.CompletionId}."
            : null;
    }

    private static string Describe(ReplayOutcome outcome) => outcome.Status switch
    {
        OrchestrationRuntimeStatus.Failed => $"fails there: {outcome.Failure!.ErrorMessage.TrimEnd('.')}",
        OrchestrationRuntimeStatus.Running => outcome.Actions.FirstOrDefault() is { } next
            ? $"goes on there with {(next.ActionName is { } name ? $"{next.Kind} '{name}'" : $"a {next.Kind}")}"
            : "goes on waiting there",
        _ => $"ends there as {outcome.Status}",
    };
}
