using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.Cli.Host.Embedded;

/// <summary>What pgdr host replay says of one workflow.</summary>
/// <param name="InstanceId">The workflow's instance.</param>
/// <param name="Name">The orchestrator.</param>
/// <param name="Status">As stored.</param>
/// <param name="Events">Length of its history.</param>
/// <param name="Mismatch">Why the present code does not fit; null when it does.</param>
internal sealed record ReplayResult(string InstanceId, string Name, OrchestrationRuntimeStatus Status, int Events, string? Mismatch);
