using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>The instance that a replay is of.</summary>
/// <param name="Name">The orchestrator.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="Version">Empty means unversioned.</param>
/// <param name="Parent">Null unless this is a sub-orchestration.</param>
/// <param name="CustomStatus">JSON, as last checkpointed.</param>
internal sealed record ReplayInstance(
    string Name, string InstanceId, string Version, ParentOrchestrationInstance? Parent, string? CustomStatus);
