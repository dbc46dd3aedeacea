using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <param name="Timestamp">UTC.</param>
/// <param name="ScheduledId">Action id of the call.</param>
/// <param name="Failure">Why.</param>
internal sealed record TaskFailedEvent(DateTime Timestamp, int ScheduledId, TaskFailureDetails Failure)
    : HistoryEvent(NoAction, Timestamp);
