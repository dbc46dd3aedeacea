using System.Globalization;
using BackupFunctions.Activities;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Merges;

namespace BackupFunctions.Workflows;

/// <summary>What each step of <see cref="MergeRestore"/> does.</summary>
internal sealed class MergeRestoreSteps
{
    private const int CleanUp = 7;

    /// <summary>Before writing again when the connection broke, even in the commit: what is written is known to the scratch database, and not written twice.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2)];

    private readonly TaskOrchestrationContext _context;
    private readonly MergeRestoreRequest _request;
    private readonly DateTime _start;
    private readonly string _restoreId;
    private readonly MergeProgress _progress;
    private readonly List<string> _warnings = [];
    private int _runs;
    private SelectBackupResult? _selected;
    private bool _fetchStarted;
    private FetchBackupResult? _fetched;
    private RestoreDatabaseResult? _restored;
    private MergeParameters? _plan;
    private MergeParameters? _application;
    private MergeRestoreReport? _report;
    private string? _undo;

    public MergeRestoreSteps(TaskOrchestrationContext context, MergeRestoreRequest request)
    {
        (_context, _request, _start) = (context, request, context.CurrentUtcDateTime);
        _restoreId = $"{_start:yyyyMMddHHmmss}-{context.NewGuid().ToString("N")[..8]}";
        _progress = new MergeProgress(context, request.Database, _restoreId);
    }

    /// <exception cref="StepFailedException">The start was not checked, or a recovery of this database runs: nothing has been touched.</exception>
    public async Task AdmitAsync()
    {
        var admission = new MergeAdmission(_request, _context.InstanceId, _restoreId);
        if (await _context.CallActivityAsync<string?>(nameof(AdmitMerge), admission, Retries.OfJobCalls) is { } refusal)
        {
            throw new StepFailedException(refusal);
        }
    }

    /// <exception cref="StepFailedException">With the sentence of what failed.</exception>
    public async Task RunAsync(int step, Func<Task> run)
    {
        _progress.Begin(step);
        try
        {
            await run();
        }
        catch (Exception e) when (e is StepFailedException or TaskFailedException)
        {
            var cause = e is TaskFailedException failed ? failed.FailureDetails.ErrorMessage : e.Message;
            _progress.End(step, StepStatus.Failed, cause);
            throw new StepFailedException(cause);
        }

        if (_progress.Steps[step - 1].Status == StepStatus.Running)
        {
            _progress.End(step, StepStatus.Completed, _progress.Detail(step));
        }
    }

    public async Task SelectBackupAsync()
    {
        _selected = await JobAsync<SelectBackupResult>(1, "select", JobKinds.SelectBackup, _request.Selection(_restoreId));
        _progress.BackupId = _selected.BackupId;
        var way = _selected.Path is { } path ? $" and the log of server {path.Server} from it on" : string.Empty;
        _progress.Tell(1, $"backup {_selected.BackupId} ({_selected.SnapshotAt:u}){way}");
    }

    public async Task FetchAsync()
    {
        _fetchStarted = true;
        _fetched = Selected.Path is { } path
            ? await JobAsync<FetchBackupResult>(
                2, "recover", JobKinds.RecoverDatabase, new RecoverDatabaseParameters(_restoreId, Selected.BackupId, _request.Database, path) { Order = Selected.ReadableTargets })
            : await JobAsync<FetchBackupResult>(2, "fetch", JobKinds.FetchBackup, new FetchBackupParameters(_restoreId, Selected.BackupId) { Order = Selected.ReadableTargets });
        Warn(_fetched.Failovers);
        _progress.Tell(2, string.Create(CultureInfo.InvariantCulture, $"{RunbookSentences.Reached(_fetched.Point)}{_fetched.PlainSize:N0} bytes"));
    }

    public async Task RestoreAsync()
    {
        _restored = await JobAsync<RestoreDatabaseResult>(
            3, "restore", JobKinds.RestoreDatabase, new RestoreDatabaseParameters(_restoreId, Selected.BackupId, Selected.TargetServer));
        _progress.Tell(3, string.Create(CultureInfo.InvariantCulture, $"{_restored.Tables} tables, {_restored.Rows:N0} rows identical"));
    }

    public async Task PlanAsync()
    {
        _plan = _request.Plan(_restoreId, Selected, _restored!);
        var planned = await JobAsync<MergeRunResult>(4, "plan", JobKinds.MergeDatabase, _plan);
        _report = _request.Report(Selected, _fetched!.Point, planned);
        _application = _request.Apply ? MergeCourse.Application(_plan, planned) : null;
        _progress.Tell(4, Counts(planned));
    }

    public async Task BackUpAsync()
    {
        if (_application is null || !_request.Undo)
        {
            Skip(5, _application is null ? Idle : "not wanted");
            return;
        }

        // Terminated, a merge leaves this one to its end: a backup more does no harm.
        var backup = await _context.CallSubOrchestratorAsync<FullBackupResult>(
            nameof(FullBackup), new FullBackupParameters(_request.Database, MergeCourse.UndoReason), new SubOrchestrationOptions { InstanceId = $"{MergeRuns.Prefix(_restoreId)}undo" });
        if (MergeCourse.UndoRefusal(backup) is { } refusal)
        {
            throw new StepFailedException(refusal);
        }

        _progress.UndoBackupId = _undo = backup.BackupId;
        _progress.Tell(5, $"backup {backup.BackupId}");
    }

    public async Task ApplyAsync()
    {
        if (_application is null)
        {
            Skip(6, Idle);
            return;
        }

        var result = await RunJobAsync(6, "apply", JobKinds.MergeDatabase, _application);
        for (var attempt = 0; attempt < Pauses.Length && result is { State: JobState.Failed, ErrorCode: ErrorCodes.ServerUnreachable }; attempt++)
        {
            await _context.CreateTimer(Pauses[attempt], CancellationToken.None);
            result = await RunJobAsync(6, "apply", JobKinds.MergeDatabase, _application);
        }

        var applied = result.Output<MergeRunResult>();
        _report = _report!.Applied(applied, _undo);
        _progress.Tell(6, Counts(applied));
    }

    /// <summary>Fails nothing: what cannot be removed now is tried again by the timer that looks after ended workflows.</summary>
    public async Task CleanUpAsync()
    {
        for (var step = 1; step < CleanUp; step++)
        {
            if (_progress.IsPending(step))
            {
                _progress.End(step, StepStatus.Skipped, detail: null);
            }
        }

        try
        {
            await RunAsync(CleanUp, RemoveAsync);
        }
        catch (StepFailedException e)
        {
            Warn([$"What merge {_restoreId} made beside the database is not removed yet, and will be tried again: {e.Message}"]);
        }
    }

    public MergeRestoreReport Report() => _report! with
    {
        RestoreId = _restoreId,
        Reason = _request.Reason,
        InitiatedBy = _request.InitiatedBy,
        StartTime = _start,
        DurationSeconds = Math.Round((_context.CurrentUtcDateTime - _start).TotalSeconds, 1),
        Steps = _progress.Steps,
        Warnings = _warnings,
    };

    private string Idle => _request.Apply ? "refused: nothing is written" : "a plan: nothing is written";

    private SelectBackupResult Selected => _selected ?? throw new InvalidOperationException("The backup is selected in step 1.");

    private async Task RemoveAsync()
    {
        if (_fetchStarted)
        {
            await JobAsync<DiscardRestoreParameters>(
                CleanUp, "discard", JobKinds.DiscardRestore, new DiscardRestoreParameters(_restoreId) { TargetServer = Selected.TargetServer });
        }

        await _context.CallActivityAsync(nameof(ForgetMerge), _restoreId, Retries.OfJobCalls);
        _progress.Tell(CleanUp, "nothing is left beside the database");
    }

    private async Task<T> JobAsync<T>(int step, string name, string kind, object parameters) => (await RunJobAsync(step, name, kind, parameters)).Output<T>();

    private async Task<JobResult> RunJobAsync(int step, string name, string kind, object parameters)
    {
        var spec = await _context.StartJobAsync(string.Create(CultureInfo.InvariantCulture, $"{MergeRuns.Prefix(_restoreId)}{++_runs}-{name}"), kind, parameters);
        var result = (await _context.WaitForJobAsync(spec, progress => _progress.Show(step, progress)))!;
        Warn(result.Warnings);
        return result;
    }

    private void Skip(int step, string why) => _progress.End(step, StepStatus.Skipped, why);

    private void Warn(IEnumerable<string> sentences) => _warnings.AddRange(sentences.Except(_warnings, StringComparer.Ordinal).ToList());

    private static string Counts(MergeRunResult run)
    {
        var tables = run.Merges.SelectMany(static merge => merge.Tables).ToList();
        var stopped = run.Failures.Count + run.Merges.Count(static merge => merge.Blockers.Count > 0);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{tables.Sum(static table => table.Add):N0} rows to add, {tables.Sum(static table => table.Change):N0} to change, {tables.Sum(static table => table.Conflicting):N0} conflicting{(stopped > 0 ? $"; refused: {stopped}" : string.Empty)}");
    }
}
