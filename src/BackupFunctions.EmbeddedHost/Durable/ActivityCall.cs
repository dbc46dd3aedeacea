namespace BackupFunctions.EmbeddedHost.Durable;

/// <summary>One delivery of an activity; the same call may be delivered again after a crash.</summary>
/// <param name="Name">The activity function.</param>
/// <param name="InstanceId">The orchestration instance that called it.</param>
/// <param name="Input">JSON; null when the caller gave none.</param>
internal sealed record ActivityCall(string Name, string InstanceId, string? Input);
