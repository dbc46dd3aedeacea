using System.Globalization;
using BackupFunctions.Activities;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>What each step of <see cref="DisasterRecovery"/> does. Only this orchestration's own context decides: no clock, no I/O.</summary>
internal sealed class Runbook
{
    private const int PublicHealthAttempts = 5;
    private static readonly TimeSpan PublicHealthInterval = TimeSpan.FromSeconds(2);

    private readonly TaskOrchestrationContext _context;
    private readonly DisasterRecoveryRequest _request;
    private readonly RunbookStatus _status;
    private readonly string _restoreId;
    private readonly List<string> _warnings = [];
    private RecoveryPlan _plan = new();
    private int _runs;
    private JobSpec? _fetch;
    private bool _fetchStarted;
    private FetchBackupResult? _fetched;
    private SelectBackupResult? _backup;
    private RestoreDatabaseResult? _restored;
    private SwapDatabaseResult? _swapped;

    public Runbook(TaskOrchestrationContext context, DisasterRecoveryRequest request)
    {
        _context = context;
        _request = request;
        _status = new RunbookStatus(context, request.Database);
        _restoreId = $"{_status.StartTime:yyyyMMddHHmmss}-{context.NewGuid().ToString("N")[..8]}";
    }

    /// <exception cref="StepFailedException">The start was not confirmed: nothing has been touched.</exception>
    public async Task AdmitAsync()
    {
        var admission = new RecoveryAdmission(_request, _context.InstanceId, _restoreId);
        if (await _context.CallActivityAsync<string?>(nameof(AdmitRecovery), admission, Retries.OfJobCalls) is { } refusal)
        {
            throw new StepFailedException(refusal);
        }
    }

    public async Task PlanAsync() =>
        _plan = await _context.CallActivityAsync<RecoveryPlan>(nameof(ReadRecoveryPlan), _restoreId, Retries.OfJobCalls);

    /// <summary>Runs a step until it succeeds; after each failure a person says retry or abort.</summary>
    public async Task StepAsync(int step, Func<Task> run)
    {
        while (true)
        {
            _status.Begin(step);
            string cause;
            try
            {
                await run();
                _status.End(step, StepStatus.Completed, _status.Detail(step));
                return;
            }
            catch (StepFailedException e)
            {
                cause = e.Message;
            }
            catch (TaskFailedException e)
            {
                cause = e.FailureDetails.ErrorMessage;
            }

            if (await AskAsync(step, cause, RunbookEvents.Retry, RunbookEvents.Abort) == RunbookEvents.Abort)
            {
                _status.End(step, StepStatus.Failed, cause);
                throw new RunbookAbortedException();
            }
        }
    }

    public async Task SelectBackupAsync()
    {
        var spec = await StartAsync("select", JobKinds.SelectBackup, new SelectBackupParameters(_request.Database, _request.BackupId, _request.TargetServer)
        {
            Point = _request.Point,
        });
        var backup = Take<SelectBackupResult>(await _context.WaitForJobAsync(spec, progress => _status.Progress(1, progress)));
        _status.BackupId = backup.BackupId;
        var way = backup.Path is { } path ? $" and the log of server {path.Server} from it on" : string.Empty;
        _status.Tell(1, $"backup {backup.BackupId} ({backup.Status.ToString().ToUpperInvariant()}, {backup.SnapshotAt:u}){way}; {string.Join("; ", backup.Checks)}");
        _backup = backup;
    }

    public async Task DownloadAsync()
    {
        _fetch = await FetchAsync(2);
        _status.Tell(2, string.Create(CultureInfo.InvariantCulture, $"{Backup.StoredSize:N0} bytes from {_status.Target}"));
    }

    /// <summary>The rest of the same job: its phases overlap. Where log is replayed, that is part of it.</summary>
    public async Task DecryptAndDecompressAsync()
    {
        var fetch = _fetch ?? await FetchAsync(3);
        _fetch = null; // A retry starts the job again; what is already here is not downloaded again.
        var fetched = Take<FetchBackupResult>(await _context.WaitForJobAsync(fetch, progress => _status.Progress(3, progress)));
        Warn(fetched.Failovers);
        _status.Point = fetched.Point;
        _fetched = fetched;
        var sources = fetched.Targets.Select(target => string.Create(CultureInfo.InvariantCulture, $"{target.Value:N0} bytes from {target.Key}"));
        _status.Tell(3, string.Create(CultureInfo.InvariantCulture, $"{RunbookSentences.Reached(fetched.Point)}{fetched.PlainSize:N0} bytes; read {string.Join(", ", sources)}; {fetched.Reused:N0} were already here"));
    }

    public async Task RestoreAndSwapAsync()
    {
        var restored = _restored ??= await RestoreAsync();
        _swapped = await SwapAsync(restored);
        _status.Tell(4, string.Create(
            CultureInfo.InvariantCulture,
            $"{restored.Tables} tables, {restored.Rows:N0} rows identical; {(_swapped.KeptDatabase is { } kept ? $"the previous database is kept as {kept}" : "there was no previous database")}"));
    }

    public Task RestartApplicationAsync() => _plan.CanRestart
        ? ActAsync(5, RecoveryActionKind.Restart)
        : AskToContinueAsync(5, $"No restart is configured (RESTART_COMMAND or RESTART_WEBHOOK): restart the application, then send '{RunbookEvents.Continue}'.");

    public async Task VerifyHealthAsync()
    {
        if (!_plan.HasHealthCheck)
        {
            await AskToContinueAsync(6, $"No HEALTH_CHECK_URL is configured: check the application, then send '{RunbookEvents.Continue}'.");
            return;
        }

        await CheckHealthAsync(6, HealthRoute.Direct, _plan.HealthCheckAttempts, _plan.HealthCheckInterval);
    }

    public async Task RerouteAsync()
    {
        if (_plan.CanReroute)
        {
            await ActAsync(7, RecoveryActionKind.Reroute);
        }
        else
        {
            await AskToContinueAsync(7, $"No rerouting is configured (REROUTE_COMMAND or REROUTE_WEBHOOK): send traffic to the application, then send '{RunbookEvents.Continue}'.");
        }

        if (_plan.HasPublicHealthCheck)
        {
            await CheckHealthAsync(7, HealthRoute.Public, PublicHealthAttempts, PublicHealthInterval);
        }
    }

    /// <summary>The report is stored before the instance ends, so that it outlives the instance.</summary>
    public async Task<DisasterRecoveryReport> ReportAsync(bool success)
    {
        await DiscardServerAsync();
        WarnOfRemains();
        DateTimeOffset? recoveredTo = success ? _fetched?.Point?.At ?? _backup?.SnapshotAt : null;
        double? lost = recoveredTo is { } to ? Math.Max(0, Math.Round((_status.StartTime - to.UtcDateTime).TotalSeconds, 1)) : null;
        var duration = Math.Round((_context.CurrentUtcDateTime - _status.StartTime).TotalSeconds, 1);
        Warn(RunbookSentences.OfObjectives(success ? duration : null, lost));
        var report = new DisasterRecoveryReport
        {
            StartTime = _status.StartTime,
            Database = _request.Database,
            BackupId = _status.BackupId,
            Reason = _request.Reason,
            InitiatedBy = _request.InitiatedBy,
            Steps = _status.Steps,
            Success = success,
            DurationSeconds = duration,
            RestoreLogId = _restoreId,
            RecoveredTo = recoveredTo,
            RpoSeconds = lost,
            RpoStatus = lost is { } seconds ? RecoveryObjectives.OfPoint(seconds) : null,
            RtoStatus = success ? RecoveryObjectives.OfTime(duration) : null,
            Point = _fetched?.Point,
            KeptDatabase = _swapped?.KeptDatabase,
            Tables = _restored?.Tables,
            Rows = _restored?.Rows,
            Warnings = _warnings,
        };
        await _context.CallActivityAsync(nameof(StoreReport), report, Retries.OfJobCalls);
        return report;
    }

    private SelectBackupResult Backup => _backup ?? throw new InvalidOperationException("The backup is selected in step 1.");

    /// <summary>The job whose download has ended; one that failed is never handed on.</summary>
    private async Task<JobSpec> FetchAsync(int step)
    {
        _fetchStarted = true;
        var fetch = Backup.Path is { } path
            ? await StartAsync("recover", JobKinds.RecoverDatabase, new RecoverDatabaseParameters(_restoreId, Backup.BackupId, _request.Database, path) { Order = Backup.ReadableTargets })
            : await StartAsync("fetch", JobKinds.FetchBackup, new FetchBackupParameters(_restoreId, Backup.BackupId) { Order = Backup.ReadableTargets });
        var result = await _context.WaitForJobAsync(fetch, progress => _status.Progress(step, progress), untilPhaseEnds: JobPhases.Download);
        result?.Output<FetchBackupResult>();
        return fetch;
    }

    private async Task<RestoreDatabaseResult> RestoreAsync()
    {
        var spec = await StartAsync(
            "restore", JobKinds.RestoreDatabase, new RestoreDatabaseParameters(_restoreId, Backup.BackupId, Backup.TargetServer));
        return Take<RestoreDatabaseResult>(await _context.WaitForJobAsync(spec, progress => _status.Progress(4, progress)));
    }

    private async Task<SwapDatabaseResult> SwapAsync(RestoreDatabaseResult restored)
    {
        var spec = await StartAsync("swap", JobKinds.SwapDatabase, new SwapDatabaseParameters(
            _restoreId, Backup.BackupId, Backup.TargetServer, _request.Database, restored.ScratchDatabase, restored.ScratchOid));
        var result = await _context.WaitForJobAsync(spec, progress => _status.Progress(4, progress));
        if (result!.State != JobState.Succeeded && result.ErrorCode != ErrorCodes.SwapBlocked)
        {
            // What blocks a swap is mended beside the restored database, which may have taken hours; after anything else it is made anew.
            _restored = null;
        }

        return Take<SwapDatabaseResult>(result);
    }

    private Task<JobSpec> StartAsync<TParameters>(string name, string kind, TParameters parameters) =>
        _context.StartJobAsync(string.Create(CultureInfo.InvariantCulture, $"dr-{_restoreId}-{++_runs}-{name}"), kind, parameters);

    private T Take<T>(JobResult? result)
    {
        Warn(result!.Warnings);
        return result.Output<T>();
    }

    /// <summary>A server that never came to its dump is of no use to anybody, and holds every database of its origin.</summary>
    private async Task DiscardServerAsync()
    {
        if (!_fetchStarted || _fetched is not null || Backup.Path is null)
        {
            return;
        }

        try
        {
            var spec = await StartAsync("discard", JobKinds.DiscardRestore, new DiscardRestoreParameters(_restoreId));
            (await _context.WaitForJobAsync(spec, static _ => { }))!.Output<DiscardRestoreParameters>();
            _fetchStarted = false;
        }
        catch (Exception e) when (e is StepFailedException or TaskFailedException)
        {
            Warn([$"The isolated server of restore {_restoreId} could not be removed: {e.Message}"]);
        }
    }

    /// <summary>An aborted recovery throws nothing away that may have taken hours to make; but somebody has to know of it.</summary>
    private void WarnOfRemains()
    {
        if (_fetchStarted && _swapped is null)
        {
            Warn([$"The work folder of restore {_restoreId} below WORK_PATH holds decrypted data: delete it."]);
        }

        if (_restored is { } restored && _swapped is null)
        {
            Warn(
            [
                $"The restored and compared database is left on server '{Backup.TargetServer}' as {restored.ScratchDatabase}: "
                + $"rename it by hand, or remove it with DROP DATABASE \"{restored.ScratchDatabase}\".",
            ]);
        }
    }

    private void Warn(IEnumerable<string> sentences) => _warnings.AddRange(sentences.Except(_warnings, StringComparer.Ordinal).ToList());

    private async Task ActAsync(int step, RecoveryActionKind kind)
    {
        var detail = await _context.CallActivityAsync<string>(
            nameof(RunRecoveryAction), new RecoveryActionRequest(kind, _request.Database, Backup.TargetServer, _restoreId));
        _status.Tell(step, detail);
    }

    private async Task CheckHealthAsync(int step, HealthRoute route, int attempts, TimeSpan interval)
    {
        for (var attempt = 1; ; attempt++)
        {
            var health = await _context.CallActivityAsync<HealthReport>(nameof(CheckHealth), route);
            _status.Tell(step, string.Create(CultureInfo.InvariantCulture, $"{health.Detail} (attempt {attempt} of {attempts})"));
            if (health.Healthy)
            {
                return;
            }

            if (attempt >= attempts)
            {
                throw new StepFailedException(string.Create(CultureInfo.InvariantCulture, $"The application is not healthy after {attempts} attempts: {health.Detail}"));
            }

            await _context.CreateTimer(interval, CancellationToken.None);
        }
    }

    private async Task AskToContinueAsync(int step, string why)
    {
        if (await AskAsync(step, why, RunbookEvents.Continue, RunbookEvents.Abort) == RunbookEvents.Abort)
        {
            _status.End(step, StepStatus.Failed, "aborted by a person");
            throw new RunbookAbortedException();
        }

        _status.Begin(step);
        _status.Tell(step, "done by a person");
    }

    /// <summary>Waits for one of two words from a person.</summary>
    private async Task<string> AskAsync(int step, string why, string first, string second)
    {
        Forget(first);
        Forget(second);
        _status.Wait(step, why, first, second);
        using var answered = new CancellationTokenSource();
        var one = _context.WaitForExternalEvent<object?>(first, answered.Token);
        var other = _context.WaitForExternalEvent<object?>(second, answered.Token);
        var winner = await Task.WhenAny(one, other);
        answered.Cancel();
        return winner == one ? first : second;
    }

    /// <summary>A word that was sent before this question was asked (twice, or too early) is no answer to it.</summary>
    private void Forget(string name)
    {
        using var enough = new CancellationTokenSource();
        while (_context.WaitForExternalEvent<object?>(name, enough.Token).IsCompleted)
        {
        }

        enough.Cancel();
    }
}
