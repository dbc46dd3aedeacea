namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <param name="Timestamp">UTC.</param>
/// <param name="Name">The orchestrator.</param>
/// <param name="Version">Null or empty means unversioned.</param>
/// <param name="Input">JSON.</param>
/// <param name="Parent">Null unless this is a sub-orchestration.</param>
internal sealed record ExecutionStartedEvent(DateTime Timestamp, string Name, string? Version, string? Input, ParentLink? Parent)
    : HistoryEvent(NoAction, Timestamp);
