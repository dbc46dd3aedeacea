using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Merges;
using BackupFunctions.Jobs;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.Merge;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;

namespace BackupFunctions.Cli.Merge;

/// <summary>The course of a merge in this process, by the same jobs as the workflow's: nothing of it stays.</summary>
internal sealed class MergeSession
{
    private readonly JobEnvironment _environment;
    private readonly BackupReader _reader;
    private readonly ConsoleReporter _reporter;
    private readonly string _restoreId;

    public MergeSession(JobEnvironment environment, BackupReader reader, ConsoleReporter reporter)
    {
        _environment = environment;
        _reader = reader;
        _reporter = reporter;
        _restoreId = $"{environment.Time.GetUtcNow():yyyyMMddHHmmss}-{Guid.NewGuid().ToString("N")[..8]}";
    }

    public async Task<MergeRestoreReport> RunAsync(MergeRestoreRequest request, CancellationToken cancellationToken)
    {
        var selected = await new SelectBackupJob(_environment, _reader).RunAsync(request.Selection(_restoreId), cancellationToken);
        RestoreDatabaseResult? restored = null;
        try
        {
            var fetched = await FetchAsync(request.Database, selected, cancellationToken);
            restored = await new RestoreDatabaseJob(_environment).RunAsync(
                new RestoreDatabaseParameters(_restoreId, selected.BackupId, selected.TargetServer), cancellationToken);
            var plan = request.Plan(_restoreId, selected, restored);
            var planned = await new MergeDatabaseJob(_environment).RunAsync(plan, cancellationToken);
            var report = request.Report(selected, fetched.Point, planned);
            if (!request.Apply || MergeCourse.Application(plan, planned) is not { } application)
            {
                return report;
            }

            var undo = request.Undo ? await BackUpAsync(request.Database, cancellationToken) : null;
            return report.Applied(await new MergeDatabaseJob(_environment).RunAsync(application, cancellationToken), undo);
        }
        finally
        {
            await CleanAsync(selected.TargetServer, restored);
        }
    }

    private Task<FetchBackupResult> FetchAsync(string database, SelectBackupResult selected, CancellationToken cancellationToken) => selected.Path is { } path
        ? new RecoverDatabaseJob(_environment, _reader).RunAsync(
            new RecoverDatabaseParameters(_restoreId, selected.BackupId, database, path) { Order = selected.ReadableTargets }, cancellationToken)
        : new FetchBackupJob(_environment, _reader).RunAsync(
            new FetchBackupParameters(_restoreId, selected.BackupId) { Order = selected.ReadableTargets }, cancellationToken);

    /// <exception cref="PgdrException">merge.refused, and those of a backup: nothing was written.</exception>
    private async Task<string> BackUpAsync(string database, CancellationToken cancellationToken)
    {
        var state = Path.Combine(_environment.Settings.RunStorePath, $"cli-{Guid.NewGuid():N}");
        try
        {
            var taken = await new FullBackupJob(_environment, state).RunAsync(new FullBackupParameters(database, MergeCourse.UndoReason), cancellationToken);
            return MergeCourse.UndoRefusal(taken) is { } refusal ? throw new PgdrException(ErrorCodes.MergeRefused, refusal) : taken.BackupId;
        }
        finally
        {
            if (Directory.Exists(state))
            {
                Directory.Delete(state, recursive: true);
            }
        }
    }

    private async Task CleanAsync(string server, RestoreDatabaseResult? restored)
    {
        if (restored is not null && await MergeDatabaseJob.TryDropAsync(_environment, server, _restoreId, restored) is { } database)
        {
            _reporter.Warn(database);
        }

        if (RestoreCleanup.TryRun(_environment.Settings, _restoreId) is { } left)
        {
            _reporter.Warn(left);
        }
    }
}
