using System.Collections.ObjectModel;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>An instance that this host may work on for the time of its lease.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="ExecutionId">Its present execution.</param>
/// <param name="Name">The orchestrator.</param>
/// <param name="Version">Null or empty means unversioned.</param>
/// <param name="Status">As last checkpointed.</param>
/// <param name="CustomStatus">JSON.</param>
/// <param name="Parent">Null unless this is a sub-orchestration.</param>
/// <param name="Turn">Fencing token.</param>
/// <param name="Attempts">Turns begun since the last checkpoint, this one included.</param>
internal sealed record OrchestrationLock(
    string InstanceId,
    string ExecutionId,
    string Name,
    string? Version,
    OrchestrationRuntimeStatus Status,
    string? CustomStatus,
    ParentLink? Parent,
    long Turn,
    int Attempts)
{
    /// <summary>Tags of the instance; its sub-orchestrations inherit them.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
