using BackupFunctions.Contracts.Backups;

namespace BackupFunctions.Contracts.Jobs;

public sealed record BaseBackupResult
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
    public required int Files { get; init; }
    public required string SystemIdentifier { get; init; }

    /// <summary>Of <see cref="StartLsn"/>, from 1.</summary>
    public required int Timeline { get; init; }

    /// <summary>The log that it needs begins here, for example 0/6000028.</summary>
    public required string StartLsn { get; init; }

    /// <summary>It is consistent here.</summary>
    public required string StopLsn { get; init; }

    /// <summary>The backup that it was taken against; null: it stands by itself.</summary>
    public string? ParentId { get; init; }
}
