namespace BackupFunctions.EmbeddedHost.State;

/// <summary>An activity that this host may run for the time of its lease.</summary>
/// <param name="SequenceNumber">Its place in the queue.</param>
/// <param name="InstanceId">The orchestration that called it.</param>
/// <param name="TaskId">Action id of the call.</param>
/// <param name="Name">The activity.</param>
/// <param name="Input">JSON.</param>
/// <param name="Deliveries">How often it was delivered, this time included; also the fencing token.</param>
internal sealed record ActivityWorkItem(
    long SequenceNumber, string InstanceId, int TaskId, string Name, string? Input, int Deliveries);
