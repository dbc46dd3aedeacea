namespace BackupFunctions.EmbeddedHost.Durable.History;

internal sealed record ExecutionResumedEvent(DateTime Timestamp, string? Reason) : HistoryEvent(NoAction, Timestamp);
