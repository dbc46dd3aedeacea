namespace BackupFunctions.EmbeddedHost.Durable.History;

internal sealed record ExecutionSuspendedEvent(DateTime Timestamp, string? Reason) : HistoryEvent(NoAction, Timestamp);
