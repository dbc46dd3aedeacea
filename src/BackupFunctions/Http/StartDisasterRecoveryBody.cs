namespace BackupFunctions.Http;

/// <summary>Body of POST /api/disaster-recovery.</summary>
public sealed record StartDisasterRecoveryBody(string? Database, string? BackupId, string? TargetServer, string? Reason, string? Confirm);
