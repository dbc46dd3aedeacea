namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <param name="Timestamp">UTC.</param>
/// <param name="Name">The event; compared without regard to case.</param>
/// <param name="Input">JSON.</param>
internal sealed record EventRaisedEvent(DateTime Timestamp, string Name, string? Input) : HistoryEvent(NoAction, Timestamp);
