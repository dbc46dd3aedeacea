using BackupFunctions.EmbeddedHost.Durable.History;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>An event on its way to an instance.</summary>
/// <param name="InstanceId">The receiver.</param>
/// <param name="Event">What happened.</param>
/// <param name="ExecutionId">Only for this execution; null for whichever is present.</param>
/// <param name="VisibleAt">UTC; null means at once.</param>
/// <param name="IsFirst">Begins an execution: goes before everything else.</param>
internal sealed record OutgoingEvent(
    string InstanceId, HistoryEvent Event, string? ExecutionId = null, DateTime? VisibleAt = null, bool IsFirst = false);
