using BackupFunctions.Contracts.Backups;

namespace BackupFunctions.Contracts.Jobs;

public sealed record ConfigurationBackupResult
{
    public required string BackupId { get; init; }

    /// <summary>Its name in the settings.</summary>
    public required string Server { get; init; }
    public required BackupStatus Status { get; init; }

    /// <summary>Why the backup is not VERIFIED; null when it is.</summary>
    public string? StatusReason { get; init; }
    public required IReadOnlyList<CopyResult> Copies { get; init; }
    public required long PlainSize { get; init; }
    public required long StoredSize { get; init; }

    /// <summary>Files of the backup.</summary>
    public required int Items { get; init; }

    /// <summary>What could not be read, one sentence each with the remedy; empty: the backup is complete.</summary>
    public required IReadOnlyList<string> Missing { get; init; }
}
