namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <summary>The failure of a former execution was taken out of the history above.</summary>
internal sealed record ExecutionRewoundEvent(DateTime Timestamp, string? Reason) : HistoryEvent(NoAction, Timestamp);
