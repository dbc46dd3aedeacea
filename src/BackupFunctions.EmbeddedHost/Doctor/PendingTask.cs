namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>An activity in the queue.</summary>
/// <param name="TaskId">Action id of the call.</param>
/// <param name="Deliveries">How often it was handed to a host.</param>
/// <param name="Owner">The host that runs it; null when none does.</param>
internal sealed record PendingTask(int TaskId, int Deliveries, int? Owner);
