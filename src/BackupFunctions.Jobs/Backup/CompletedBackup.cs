using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Backup;

/// <param name="Status">Verified or Completed.</param>
/// <param name="StatusReason">Why it is not Verified; null when it is.</param>
/// <param name="Copies">Every configured target.</param>
internal sealed record CompletedBackup(BackupStatus Status, string? StatusReason, IReadOnlyList<CopyResult> Copies);
