using BackupFunctions.Contracts.DisasterRecovery;

namespace BackupFunctions.Contracts.Merges;

/// <summary>Custom status of a merge.</summary>
public sealed record MergeRestoreStatus
{
    public required string Database { get; init; }
    public required string RestoreId { get; init; }
    public string? BackupId { get; init; }
    public string? UndoBackupId { get; init; }
    public required int CurrentStep { get; init; }

    /// <summary>Of the current step, 0 to 100; null when not known.</summary>
    public double? Percent { get; init; }
    public long? BytesDone { get; init; }
    public long? BytesTotal { get; init; }
    public required IReadOnlyList<RecoveryStep> Steps { get; init; }
}
