using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Merges;

namespace BackupFunctions.Workflows;

/// <summary>The seven steps of a merge as the custom status shows them.</summary>
internal sealed class MergeProgress
{
    private static readonly string[] Names = ["select_backup", "fetch", "restore", "plan", "undo_backup", "apply", "clean_up"];

    private readonly TaskOrchestrationContext _context;
    private readonly string _database;
    private readonly string _restoreId;
    private readonly RecoveryStep[] _steps;

    public MergeProgress(TaskOrchestrationContext context, string database, string restoreId)
    {
        (_context, _database, _restoreId) = (context, database, restoreId);
        _steps = [.. Names.Select(static (name, index) => new RecoveryStep { Step = index + 1, Name = name, Status = StepStatus.Pending })];
    }

    public IReadOnlyList<RecoveryStep> Steps => [.. _steps];

    public string? BackupId { get; set; }

    public string? UndoBackupId { get; set; }

    public bool IsPending(int step) => _steps[step - 1].Status == StepStatus.Pending;

    public string? Detail(int step) => _steps[step - 1].Detail;

    public void Begin(int step)
    {
        _steps[step - 1] = _steps[step - 1] with { Status = StepStatus.Running, StartTime = _context.CurrentUtcDateTime };
        Publish(step);
    }

    /// <summary>Shown when the step ends.</summary>
    public void Tell(int step, string detail) => _steps[step - 1] = _steps[step - 1] with { Detail = detail };

    public void Show(int step, JobProgress progress)
    {
        _steps[step - 1] = _steps[step - 1] with { Detail = progress.Detail ?? progress.Phase };
        Publish(step, progress);
    }

    public void End(int step, StepStatus status, string? detail)
    {
        var seconds = _steps[step - 1].StartTime is { } start ? Math.Round((_context.CurrentUtcDateTime - start).TotalSeconds, 1) : (double?)null;
        _steps[step - 1] = _steps[step - 1] with { Status = status, Detail = detail, DurationSeconds = seconds };
        Publish(step);
    }

    private void Publish(int step, JobProgress? progress = null) => _context.SetCustomStatus(new MergeRestoreStatus
    {
        Database = _database,
        RestoreId = _restoreId,
        BackupId = BackupId,
        UndoBackupId = UndoBackupId,
        CurrentStep = step,
        Percent = progress?.BytesTotal is > 0 and { } total ? Math.Round(100 * Math.Min(1, (double)progress.BytesDone / total), 1) : null,
        BytesDone = progress?.BytesDone,
        BytesTotal = progress?.BytesTotal,
        Steps = Steps,
    });
}
