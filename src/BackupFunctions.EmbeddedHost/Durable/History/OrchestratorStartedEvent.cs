namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <summary>A turn began; its timestamp is the orchestrator's clock until the next one.</summary>
internal sealed record OrchestratorStartedEvent(DateTime Timestamp) : HistoryEvent(NoAction, Timestamp);
