namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <param name="Timestamp">UTC.</param>
/// <param name="TimerId">Action id of the timer.</param>
/// <param name="FireAt">UTC; when it was due.</param>
internal sealed record TimerFiredEvent(DateTime Timestamp, int TimerId, DateTime FireAt) : HistoryEvent(NoAction, Timestamp);
