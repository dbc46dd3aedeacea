using BackupFunctions.Contracts.Backups;

namespace BackupFunctions.Contracts.Jobs;

public sealed record FullBackupResult
{
    public required string BackupId { get; init; }
    public required string Database { get; init; }
    public required BackupStatus Status { get; init; }

    /// <summary>Why the backup is not VERIFIED; null when it is.</summary>
    public string? StatusReason { get; init; }
    public required IReadOnlyList<CopyResult> Copies { get; init; }
    public required long PlainSize { get; init; }
    public required long StoredSize { get; init; }
    public required int Tables { get; init; }
    public required long Rows { get; init; }
}
