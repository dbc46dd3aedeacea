using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.Merge;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;

namespace BackupFunctions.Cli.Merge;

/// <summary>A restore into a scratch database by the usual jobs, which compare it with the backup, then the merge; nothing of it stays.</summary>
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

    public async Task<MergeSummary> RunAsync(MergeWish wish, CancellationToken cancellationToken)
    {
        // A name that is not the database's own: a backup of one tenant may be chosen, too, for nothing takes the live one's place.
        var selected = await new SelectBackupJob(_environment, _reader).RunAsync(
            new SelectBackupParameters(wish.Database, wish.BackupId, TargetServer: null) { Point = wish.Point, Into = $"pgdr_{_restoreId}" }, cancellationToken);
        RestoreDatabaseResult? restored = null;
        try
        {
            await FetchAsync(wish.Database, selected, cancellationToken);
            restored = await new RestoreDatabaseJob(_environment).RunAsync(
                new RestoreDatabaseParameters(_restoreId, selected.BackupId, selected.TargetServer), cancellationToken);
            var parameters = new MergeParameters(
                _restoreId, wish.Database, selected.TargetServer, restored.ScratchDatabase, restored.ScratchOid, wish.Policy, Apply: false)
            {
                NewestColumn = wish.NewestColumn, Tables = wish.Tables, Tenants = wish.Tenants,
            };
            var merged = await new MergeDatabaseJob(_environment).RunAsync(parameters, cancellationToken);
            var summary = new MergeSummary(
                selected.BackupId, selected.SnapshotAt, wish.Database, selected.TargetServer, UndoBackupId: null, merged.Merges, merged.Failures);
            List<MergeResult> clear = [.. merged.Merges.Where(static merge => merge.Blockers.Count == 0)];
            if (!wish.Apply || clear.Count == 0)
            {
                return summary;
            }

            var undo = wish.Undo ? await BackUpAsync(wish.Database, cancellationToken) : null;
            var applied = await new MergeDatabaseJob(_environment).RunAsync(
                parameters with { Apply = true, Tenants = [.. clear.Select(static merge => merge.Tenant).OfType<string>()] }, cancellationToken);

            // A tenant that is refused does not keep the others back.
            return summary with
            {
                UndoBackupId = undo,
                Merges = [.. merged.Merges.Except(clear), .. applied.Merges],
                Failures = [.. merged.Failures, .. applied.Failures],
            };
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

    /// <exception cref="PgdrException">merge.refused: what cannot be undone is not done.</exception>
    private async Task<string> BackUpAsync(string database, CancellationToken cancellationToken)
    {
        var state = Path.Combine(_environment.Settings.RunStorePath, $"cli-{Guid.NewGuid():N}");
        try
        {
            var taken = await new FullBackupJob(_environment, state).RunAsync(new FullBackupParameters(database, "before a merge"), cancellationToken);
            return taken.Status == BackupStatus.Verified
                ? taken.BackupId
                : throw new PgdrException(
                    ErrorCodes.MergeRefused, $"The backup of database '{database}' before the merge, {taken.BackupId}, is not verified, nothing was written: mend its targets, or merge with --no-undo.");
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
