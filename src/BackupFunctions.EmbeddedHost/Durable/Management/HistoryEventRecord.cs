using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Durable.Management;

/// <summary>One event of an instance's history, every kind in one shape.</summary>
/// <param name="EventId">Action id of what the orchestrator asked for; -1 for what happened to it.</param>
/// <param name="EventType">Name as in the Durable Task Framework's EventType.</param>
/// <param name="Timestamp">UTC.</param>
/// <param name="Name">Function or event name.</param>
/// <param name="Input">JSON.</param>
/// <param name="Result">JSON.</param>
/// <param name="Reason">Why it was suspended, resumed, rewound, terminated or failed.</param>
/// <param name="ScheduledId">Action id of the request that this event answers.</param>
/// <param name="FireAt">UTC; timers only.</param>
/// <param name="FailureDetails">Failures only.</param>
/// <param name="InstanceId">The other instance: the sub-orchestration, or the receiver of an event.</param>
/// <param name="Status">Final state; ExecutionCompleted only.</param>
internal sealed record HistoryEventRecord(
    int EventId,
    string EventType,
    DateTime Timestamp,
    string? Name = null,
    string? Input = null,
    string? Result = null,
    string? Reason = null,
    int? ScheduledId = null,
    DateTime? FireAt = null,
    TaskFailureDetails? FailureDetails = null,
    string? InstanceId = null,
    string? Status = null);
