using BackupFunctions.EmbeddedHost.Durable.History;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>An event that its instance has not seen yet.</summary>
internal sealed record PendingEvent(long SequenceNumber, string? ExecutionId, HistoryEvent Event);
