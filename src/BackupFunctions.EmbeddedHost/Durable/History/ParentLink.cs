namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <summary>Who waits for a sub-orchestration.</summary>
/// <param name="Name">The parent's orchestrator.</param>
/// <param name="InstanceId">The parent's instance.</param>
/// <param name="ExecutionId">The parent's execution; a later one does not wait for this.</param>
/// <param name="TaskId">Action id of the call.</param>
internal sealed record ParentLink(string Name, string InstanceId, string ExecutionId, int TaskId);
