using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Durable.Histories;

/// <summary>What one instance has lived through, with all that a replay needs.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Name">The orchestrator.</param>
/// <param name="Version">Null or empty means unversioned.</param>
/// <param name="Status">As last checkpointed.</param>
/// <param name="Parent">Null unless this is a sub-orchestration.</param>
/// <param name="Events">Of the present execution, oldest first; empty when it has not begun.</param>
internal sealed record StoredHistory(
    string InstanceId,
    string Name,
    string? Version,
    OrchestrationRuntimeStatus Status,
    ParentLink? Parent,
    IReadOnlyList<HistoryEvent> Events);
