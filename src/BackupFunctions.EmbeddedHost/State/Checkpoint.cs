using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>All effects of one turn: written in one transaction or not at all.</summary>
/// <param name="Status">State of the instance from now on.</param>
/// <param name="Now">UTC.</param>
internal sealed record Checkpoint(OrchestrationRuntimeStatus Status, DateTime Now)
{
    /// <summary>False when events were only dropped or put aside.</summary>
    public bool IsTurn => History.Count > 0 || Next is not null;

    /// <summary>JSON.</summary>
    public string? CustomStatus { get; init; }

    /// <summary>JSON.</summary>
    public string? Output { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    /// <summary>Appended to the history.</summary>
    public IReadOnlyList<HistoryEvent> History { get; init; } = [];

    /// <summary>Pending events that are dealt with.</summary>
    public IReadOnlyList<long> Consumed { get; init; } = [];

    /// <summary>Pending events that wait for the instance to be resumed.</summary>
    public IReadOnlyList<long> Held { get; init; } = [];

    public IReadOnlyList<TaskScheduledEvent> Tasks { get; init; } = [];

    public IReadOnlyList<OutgoingEvent> Outgoing { get; init; } = [];

    /// <summary>Sub-orchestrations with the action that asked for each.</summary>
    public IReadOnlyList<(SubOrchestrationCreatedEvent Action, NewInstance Instance)> Children { get; init; } = [];

    /// <summary>Sent to every sub-orchestration that has not ended; null for none.</summary>
    public ExecutionTerminatedEvent? ForChildren { get; init; }

    /// <summary>The execution that follows in place of this one; its history is dropped.</summary>
    public (string ExecutionId, ExecutionStartedEvent Started, IReadOnlyList<EventRaisedEvent> Carried)? Next { get; init; }
}
