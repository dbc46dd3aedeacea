using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <param name="EventId">Action id.</param>
/// <param name="Timestamp">UTC.</param>
/// <param name="Status">Completed, Failed or Terminated.</param>
/// <param name="Result">JSON.</param>
/// <param name="Failure">Failed only.</param>
internal sealed record ExecutionCompletedEvent(
    int EventId, DateTime Timestamp, OrchestrationRuntimeStatus Status, string? Result, TaskFailureDetails? Failure)
    : HistoryEvent(EventId, Timestamp);
