using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Contracts.Merges;

/// <summary>What follows what in a merge, without doing it: the workflow and pgdr merge go the same way.</summary>
public static class MergeCourse
{
    /// <summary>Why the backup before a merge is taken, as its manifest says it.</summary>
    public const string UndoReason = "before a merge";

    /// <summary>A name that is not the database's own: a backup of one tenant may be chosen, too, for nothing takes the live one's place.</summary>
    public static SelectBackupParameters Selection(this MergeRestoreRequest request, string restoreId) =>
        new(request.Database, request.BackupId, TargetServer: null) { Point = request.Point, Into = $"pgdr_{restoreId}" };

    /// <summary>Counts only.</summary>
    public static MergeParameters Plan(this MergeRestoreRequest request, string restoreId, SelectBackupResult selected, RestoreDatabaseResult restored) =>
        new(restoreId, request.Database, selected.TargetServer, restored.ScratchDatabase, restored.ScratchOid, request.Policy, Apply: false)
        {
            NewestColumn = request.NewestColumn, Tables = request.Tables, Tenants = request.Tenants,
        };

    /// <summary>Writes what nothing stops: a tenant that is refused does not keep the others back.</summary>
    /// <returns>Null: all of it is stopped.</returns>
    public static MergeParameters? Application(MergeParameters plan, MergeRunResult planned)
    {
        var clear = planned.Merges.Where(IsClear).ToList();
        return clear.Count == 0 ? null : plan with { Apply = true, Tenants = [.. clear.Select(static merge => merge.Tenant).OfType<string>()] };
    }

    /// <summary>What cannot be undone is not done.</summary>
    /// <returns>Null: the backup is good.</returns>
    public static string? UndoRefusal(FullBackupResult backup) => backup.Status == BackupStatus.Verified
        ? null
        : $"The backup of database '{backup.Database}' before the merge, {backup.BackupId}, is not verified, nothing was written: mend its targets, or merge without that backup (--no-undo, or undo: false).";

    public static MergeRestoreReport Report(this MergeRestoreRequest request, SelectBackupResult selected, RecoveredPoint? point, MergeRunResult planned) => new()
    {
        BackupId = selected.BackupId,
        SnapshotAt = point?.At ?? selected.SnapshotAt,
        Database = request.Database,
        Server = selected.TargetServer,
        Merges = planned.Merges,
        Failures = planned.Failures,
        Point = point,
    };

    /// <summary>With what was written in place of what was planned.</summary>
    public static MergeRestoreReport Applied(this MergeRestoreReport report, MergeRunResult applied, string? undoBackupId) => report with
    {
        UndoBackupId = undoBackupId,
        Merges = [.. report.Merges.Where(static merge => !IsClear(merge)), .. applied.Merges],
        Failures = [.. report.Failures, .. applied.Failures],
    };

    private static bool IsClear(MergeResult merge) => merge.Blockers.Count == 0;
}
