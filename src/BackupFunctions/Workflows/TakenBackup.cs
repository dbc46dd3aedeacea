using System.Globalization;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.ManualBackups;

namespace BackupFunctions.Workflows;

/// <summary>What backups of every kind have in common.</summary>
/// <param name="Status">Verified or Completed.</param>
/// <param name="BackupId">Null: there are several.</param>
/// <param name="Cause">Why it is not VERIFIED.</param>
/// <param name="Copies">Empty with <paramref name="Tenants"/>.</param>
/// <param name="PlainSize">Bytes before compression.</param>
/// <param name="StoredSize">Bytes of one copy.</param>
/// <param name="Tenants">Of kind tenant.</param>
internal sealed record TakenBackup(
    BackupStatus Status,
    string? BackupId,
    string? Cause,
    IReadOnlyList<CopyResult> Copies,
    long PlainSize,
    long StoredSize,
    TenantBackupResult? Tenants = null)
{
    public ManualBackupOutcome Outcome => Status == BackupStatus.Verified ? ManualBackupOutcome.Verified : ManualBackupOutcome.Completed;

    public static TakenBackup Of(FullBackupResult backup) =>
        new(backup.Status, backup.BackupId, backup.StatusReason, backup.Copies, backup.PlainSize, backup.StoredSize);

    public static TakenBackup Of(BaseBackupResult backup) =>
        new(backup.Status, backup.BackupId, backup.StatusReason, backup.Copies, backup.PlainSize, backup.StoredSize);

    public static TakenBackup Of(ConfigurationBackupResult backup) =>
        new(backup.Status, backup.BackupId, backup.StatusReason, backup.Copies, backup.PlainSize, backup.StoredSize);

    /// <summary>A person who asks for one and cannot have one has to know.</summary>
    public static TakenBackup Of(IncrementalBackupResult taken) => taken.Backup is { } backup
        ? Of(backup)
        : throw new StepFailedException(taken.NotTaken ?? $"Server '{taken.Server}' got no incremental backup.");

    public static TakenBackup Of(TenantBackupResult run) => new(
        run.Completed == 0 ? BackupStatus.Verified : BackupStatus.Completed,
        run is { Tenants: 1, Backups: [var only] } ? only.BackupId : null,
        run.Completed == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{run.Completed} of {run.Tenants} tenants have a backup that is not verified."),
        [],
        run.PlainSize,
        run.StoredSize,
        run);
}
