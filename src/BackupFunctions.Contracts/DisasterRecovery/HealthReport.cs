namespace BackupFunctions.Contracts.DisasterRecovery;

/// <param name="Healthy">HTTP 200.</param>
/// <param name="Detail">For people.</param>
public sealed record HealthReport(bool Healthy, string Detail);
