using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>How an instance that has not ended is doing.</summary>
/// <param name="InstanceId">Its id.</param>
/// <param name="Name">The orchestrator.</param>
/// <param name="Status">As last checkpointed.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="LastProgressAt">UTC; its last checkpoint.</param>
/// <param name="UnseenEvents">Due events that it has not seen.</param>
/// <param name="WaitsFor">What would bring it further.</param>
/// <param name="Stuck">Why it will not move, or has not for long; null when all is well.</param>
internal sealed record InstanceDiagnosis(
    string InstanceId,
    string Name,
    OrchestrationRuntimeStatus Status,
    DateTime CreatedAt,
    DateTime LastProgressAt,
    int UnseenEvents,
    IReadOnlyList<Wait> WaitsFor,
    string? Stuck);
