namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <param name="Timestamp">UTC.</param>
/// <param name="Output">JSON.</param>
/// <param name="Recursive">Running sub-orchestrations too.</param>
internal sealed record ExecutionTerminatedEvent(DateTime Timestamp, string? Output, bool Recursive)
    : HistoryEvent(NoAction, Timestamp);
