using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>The seven steps as the custom status shows them.</summary>
internal sealed class RunbookStatus
{
    private static readonly string[] Names =
    [
        "select_backup", "download", "decrypt_and_decompress", "restore", "restart_application", "verify_health", "reroute_traffic",
    ];

    private readonly TaskOrchestrationContext _context;
    private readonly RecoveryStep[] _steps;
    private readonly string _database;
    private DisasterRecoveryStatus _status;

    public RunbookStatus(TaskOrchestrationContext context, string database)
    {
        _context = context;
        _database = database;
        StartTime = context.CurrentUtcDateTime;
        _steps = [.. Names.Select((name, index) => new RecoveryStep { Step = index + 1, Name = name, Status = StepStatus.Pending })];
        _status = new DisasterRecoveryStatus { Database = database, CurrentStep = 1, RtoSeconds = 0, Steps = _steps };
    }

    public DateTime StartTime { get; }

    public IReadOnlyList<RecoveryStep> Steps => _steps;

    public string? BackupId { get; set; }

    /// <summary>Known after step 3 where log was replayed.</summary>
    public RecoveredPoint? Point { get; set; }

    /// <summary>The storage target read from last.</summary>
    public string? Target => _status.Target;

    /// <summary>Shown as the running or last step's detail.</summary>
    public string? Detail(int step) => _steps[step - 1].Detail;

    public void Begin(int step)
    {
        var start = _steps[step - 1].StartTime ?? _context.CurrentUtcDateTime;
        _steps[step - 1] = _steps[step - 1] with { Status = StepStatus.Running, StartTime = start, Detail = null };
        Publish(step);
    }

    public void Wait(int step, string why, params string[] events)
    {
        _steps[step - 1] = _steps[step - 1] with { Status = StepStatus.Waiting, Detail = why, DurationSeconds = Duration(step) };
        Publish(step, awaiting: events);
    }

    public void End(int step, StepStatus status, string? detail)
    {
        _steps[step - 1] = _steps[step - 1] with { Status = status, Detail = detail, DurationSeconds = Duration(step) };
        Publish(step);
    }

    public void Tell(int step, string detail)
    {
        _steps[step - 1] = _steps[step - 1] with { Detail = detail };
        Publish(step);
    }

    /// <summary>Progress of the step's job: percent, bytes, time to go by the rate so far.</summary>
    public void Progress(int step, JobProgress progress)
    {
        var share = progress.BytesTotal is > 0 and { } total ? Math.Min(1, (double)progress.BytesDone / total) : (double?)null;
        var elapsed = Duration(step);
        _steps[step - 1] = _steps[step - 1] with { Detail = progress.Detail ?? progress.Phase };
        Publish(step, progress, share, share is >= 0.05 ? elapsed / share.Value * (1 - share.Value) : null);
    }

    private double Duration(int step) =>
        Math.Round((_context.CurrentUtcDateTime - (_steps[step - 1].StartTime ?? _context.CurrentUtcDateTime)).TotalSeconds, 1);

    private void Publish(int step, JobProgress? progress = null, double? share = null, double? eta = null, IReadOnlyList<string>? awaiting = null)
    {
        _status = new DisasterRecoveryStatus
        {
            Database = _database,
            BackupId = BackupId,
            Point = Point,
            CurrentStep = step,
            Percent = share is { } known ? Math.Round(known * 100, 1) : null,
            BytesDone = progress?.BytesDone,
            BytesTotal = progress?.BytesTotal,
            EtaSeconds = eta is { } seconds ? Math.Round(seconds, 1) : null,
            RtoSeconds = Math.Round((_context.CurrentUtcDateTime - StartTime).TotalSeconds, 1),
            Target = progress?.Target ?? _status.Target,
            Failovers = progress is { Failovers.Count: > 0 } ? progress.Failovers : _status.Failovers,
            Steps = [.. _steps],
            AwaitingEvents = awaiting,
        };
        _context.SetCustomStatus(_status);
    }
}
