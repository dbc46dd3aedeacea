using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <summary>The engine ends the execution, because its code did what an orchestrator must not do.</summary>
/// <param name="Timestamp">UTC.</param>
/// <param name="Failure">Why.</param>
internal sealed record ExecutionFailedEvent(DateTime Timestamp, TaskFailureDetails Failure) : HistoryEvent(NoAction, Timestamp);
