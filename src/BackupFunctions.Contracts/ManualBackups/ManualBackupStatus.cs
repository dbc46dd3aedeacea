using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Contracts.ManualBackups;

/// <summary>Custom status of a manual backup.</summary>
public sealed record ManualBackupStatus
{
    public required ManualBackupState State { get; init; }

    /// <summary>For people, such as "waiting until 2026-11-22T08:00:00Z".</summary>
    public required string Detail { get; init; }

    /// <summary>When it begins, while it waits.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Of its job, while it runs.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>How it ended; the only place that says so in full where the instance failed.</summary>
    public ManualBackupResult? Result { get; init; }
}
