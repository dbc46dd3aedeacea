namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>Work that a host holds.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Activity">The activity that runs; null when the host works on the instance itself.</param>
/// <param name="ExpiresAt">UTC; a host that lives prolongs it in time.</param>
internal sealed record Lease(string InstanceId, string? Activity, DateTime ExpiresAt);
