namespace BackupFunctions.Http;

/// <summary>Body of POST /api/disaster-recovery. At most one of backupId, targetTime, targetLsn and latest says what to recover to.</summary>
public sealed record StartDisasterRecoveryBody(string? Database, string? BackupId, string? TargetServer, string? Reason, string? Confirm) : IPointBody
{
    /// <summary>With its offset from UTC, for example 2026-11-21T14:05:00Z.</summary>
    public string? TargetTime { get; init; }

    /// <summary>A position in the log, for example 0/16B3748.</summary>
    public string? TargetLsn { get; init; }

    /// <summary>True: the end of the log, and nothing else.</summary>
    public bool? Latest { get; init; }
}
