namespace BackupFunctions.Http;

/// <summary>What bodies say of the point to go to: at most one of the four.</summary>
internal interface IPointBody
{
    string? BackupId { get; }

    /// <summary>With its offset from UTC, for example 2026-11-21T14:05:00Z.</summary>
    string? TargetTime { get; }

    /// <summary>A position in the log, for example 0/16B3748.</summary>
    string? TargetLsn { get; }

    /// <summary>True: the end of the log, and nothing else.</summary>
    bool? Latest { get; }
}
