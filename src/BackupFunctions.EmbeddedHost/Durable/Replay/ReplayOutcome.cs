using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>Where a replay left the orchestrator.</summary>
/// <param name="Status">Running, or the final state, or ContinuedAsNew.</param>
internal sealed record ReplayOutcome(OrchestrationRuntimeStatus Status)
{
    /// <summary>Asked for and not yet in the history.</summary>
    public IReadOnlyCollection<ActionEvent> Actions { get; init; } = [];

    /// <summary>JSON.</summary>
    public string? CustomStatus { get; init; }

    /// <summary>JSON; Completed only.</summary>
    public string? Output { get; init; }

    /// <summary>Failed only.</summary>
    public TaskFailureDetails? Failure { get; init; }

    /// <summary>Id of the last action, the end itself; -1 while running.</summary>
    public int CompletionId { get; init; } = HistoryEvent.NoAction;

    /// <summary>The action of the history that the code did not ask for; null when it asked for all.</summary>
    public int? UnmatchedActionId { get; init; }

    /// <summary>In the order in which the code got them.</summary>
    public IReadOnlyList<EscapedFailure> EscapedFailures { get; init; } = [];

    /// <summary>ContinuedAsNew only.</summary>
    public NextExecution? Next { get; init; }

    /// <summary>Events for the next execution; ContinuedAsNew only.</summary>
    public IReadOnlyList<EventRaisedEvent> CarriedEvents { get; init; } = [];
}
