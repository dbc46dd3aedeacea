using System.Globalization;
using BackupFunctions.Activities;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.ManualBackups;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Workflows;

/// <summary>The parts of <see cref="ManualBackup"/>.</summary>
internal sealed class ManualBackupRun
{
    private readonly TaskOrchestrationContext _context;
    private readonly ManualBackupRequest _request;
    private readonly List<string> _warnings = [];
    private DateTime? _startedAt;

    public ManualBackupRun(TaskOrchestrationContext context, ManualBackupRequest request) => (_context, _request) = (context, request);

    /// <summary>
    /// Waits for the time of the backup. Of a cancellation and the time, the one that comes first in this instance's history counts, whatever
    /// anybody saw outside.
    /// </summary>
    /// <returns>Who canceled it; null when it is to begin.</returns>
    public async Task<string?> WaitAsync()
    {
        if (_request.At is { } at)
        {
            Publish(ManualBackupState.Waiting, string.Create(CultureInfo.InvariantCulture, $"waiting until {at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'}"));
            using var decided = new CancellationTokenSource();
            var canceled = _context.WaitForExternalEvent<string?>(ManualBackupEvents.Cancel, decided.Token);
            var due = _context.CreateTimer(at.UtcDateTime, decided.Token);
            var first = await Task.WhenAny(canceled, due);
            decided.Cancel();
            if (first == canceled)
            {
                return await canceled ?? "somebody";
            }
        }

        _startedAt = _context.CurrentUtcDateTime;
        Publish(ManualBackupState.Running, "started");
        return null;
    }

    /// <exception cref="StepFailedException">There is no backup; the message says why.</exception>
    /// <exception cref="TaskFailedException">The same, by a defect or a run store that is away.</exception>
    public async Task<TakenBackup> TakeAsync()
    {
        var work = new ManualBackupWork(_context, _request, Show);
        try
        {
            return await work.TakeAsync();
        }
        finally
        {
            _warnings.AddRange(work.Warnings);
        }
    }

    public ManualBackupResult Canceled(string by) => Result(ManualBackupOutcome.Canceled) with { Cause = $"canceled before it began, by {by}" };

    /// <summary>Sentences of ours hold no secrets; what else a failure says stays in the history.</summary>
    public ManualBackupResult Failed(Exception failure) => Result(ManualBackupOutcome.Failed) with
    {
        Cause = failure is TaskFailedException { FailureDetails: var details } && !details.IsCausedBy<PgdrException>()
            ? $"An unexpected {details.ErrorType} ended the backup; the history of instance {_context.InstanceId} says more."
            : (failure as TaskFailedException)?.FailureDetails.ErrorMessage ?? failure.Message,
    };

    public ManualBackupResult Taken(TakenBackup backup) => Result(backup.Outcome) with
    {
        BackupId = backup.BackupId,
        Cause = backup.Cause,
        Copies = backup.Copies,
        PlainSize = backup.PlainSize,
        StoredSize = backup.StoredSize,
        Tenants = backup.Tenants,
    };

    /// <summary>Tells the hook, if one is wanted. What becomes of that changes nothing of the backup.</summary>
    public async Task<ManualBackupResult> EndAsync(ManualBackupResult result)
    {
        if (_request.Hook is { } hook)
        {
            Publish(ManualBackupState.Notifying, $"{Name(result)}, telling hook {hook}", result);
            if (await TellAsync(hook, result) is { } why)
            {
                result = result with { Warnings = [.. result.Warnings, why] };
            }
        }

        var end = result.Cause is { } cause ? $"{Name(result)}: {cause}" : Name(result);
        Publish(ManualBackupState.Ended, end, result);
        Log(end, result);
        return result;
    }

    private void Log(string end, ManualBackupResult result)
    {
        var logger = _context.CreateReplaySafeLogger(nameof(ManualBackup));
        logger.LogInformation("Manual backup of {Subject}, kind {Kind}, ended: {End}", result.Server ?? result.Database, result.Kind, end);
        foreach (var warning in result.Warnings)
        {
            logger.LogWarning("Manual backup of {Subject}, kind {Kind}: {Warning}", result.Server ?? result.Database, result.Kind, warning);
        }
    }

    /// <returns>Why the hook does not know; null when it does.</returns>
    private async Task<string?> TellAsync(string hook, ManualBackupResult result)
    {
        try
        {
            return await _context.CallActivityAsync<string?>(nameof(NotifyBackupEnd), new BackupNotification(hook, Notice(result)));
        }
        catch (TaskFailedException e)
        {
            return $"Hook {hook} was not told of the end: an unexpected {e.FailureDetails.ErrorType}.";
        }
    }

    private BackupNotice Notice(ManualBackupResult result) => new()
    {
        InstanceId = _context.InstanceId,
        Kind = result.Kind,
        Database = result.Database,
        Server = result.Server,
        Status = result.Status,
        BackupId = result.BackupId,
        Cause = result.Cause,
        At = result.At,
        StartedAt = result.StartedAt,
        EndedAt = result.EndedAt,
        DurationSeconds = result.DurationSeconds,
        Tenants = result.Tenants is { } run ? new TenantCounts(run.Tenants, run.Verified, run.Completed, run.Failed) : null,
    };

    private ManualBackupResult Result(ManualBackupOutcome outcome) => new()
    {
        Kind = _request.Kind,
        Database = _request.Database,
        Server = _request.Server,
        Status = outcome,
        At = _request.At,
        StartedAt = _startedAt is { } started ? new DateTimeOffset(started, TimeSpan.Zero) : null,
        EndedAt = new DateTimeOffset(_context.CurrentUtcDateTime, TimeSpan.Zero),
        DurationSeconds = _startedAt is { } begin ? Math.Round((_context.CurrentUtcDateTime - begin).TotalSeconds, 1) : null,
        Warnings = [.. _warnings],
    };

    private void Show(JobProgress progress) => _context.SetCustomStatus(new ManualBackupStatus
    {
        State = ManualBackupState.Running,
        Detail = progress.Detail ?? progress.Phase,
        Progress = progress,
    });

    private void Publish(ManualBackupState state, string detail, ManualBackupResult? result = null) => _context.SetCustomStatus(new ManualBackupStatus
    {
        State = state,
        Detail = detail,
        At = state == ManualBackupState.Waiting ? _request.At : null,
        Result = result,
    });

    private static string Name(ManualBackupResult result) => result.Status.ToString().ToUpperInvariant();
}
