namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <summary>A turn ended.</summary>
internal sealed record OrchestratorCompletedEvent(DateTime Timestamp) : HistoryEvent(NoAction, Timestamp);
