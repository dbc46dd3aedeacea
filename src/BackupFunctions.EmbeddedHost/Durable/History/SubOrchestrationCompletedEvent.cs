namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <param name="Timestamp">UTC.</param>
/// <param name="ScheduledId">Action id of the call.</param>
/// <param name="Result">JSON.</param>
internal sealed record SubOrchestrationCompletedEvent(DateTime Timestamp, int ScheduledId, string? Result)
    : HistoryEvent(NoAction, Timestamp);
