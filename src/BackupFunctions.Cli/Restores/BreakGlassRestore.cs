using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;

namespace BackupFunctions.Cli.Restores;

/// <summary>The runbook's steps 1 to 4 by the same jobs, one after the other in this process; whatever ends them, no decrypted file stays.</summary>
internal sealed class BreakGlassRestore
{
    private readonly JobEnvironment _environment;
    private readonly BackupReader _reader;
    private readonly ConsoleReporter _reporter;
    private readonly string _restoreId;

    public BreakGlassRestore(JobEnvironment environment, BackupReader reader, ConsoleReporter reporter)
    {
        _environment = environment;
        _reader = reader;
        _reporter = reporter;
        _restoreId = $"{environment.Time.GetUtcNow():yyyyMMddHHmmss}-{Guid.NewGuid().ToString("N")[..8]}";
    }

    public async Task<RestoreSummary> RunAsync(SelectBackupParameters wanted, CancellationToken cancellationToken)
    {
        var started = _environment.Time.GetTimestamp();
        var selected = await new SelectBackupJob(_environment, _reader).RunAsync(wanted, cancellationToken);
        try
        {
            var fetched = await FetchAsync(wanted.Database, selected, cancellationToken);
            var restored = await new RestoreDatabaseJob(_environment).RunAsync(
                new RestoreDatabaseParameters(_restoreId, selected.BackupId, selected.TargetServer) { Selection = wanted.Selection }, cancellationToken);
            var name = wanted.Into ?? wanted.Database;
            var swapped = await SwapAsync(name, selected, restored, wanted.Selection is not null, cancellationToken);
            return new RestoreSummary(
                selected.BackupId,
                selected.SnapshotAt,
                name,
                selected.TargetServer,
                restored.Tables,
                restored.Rows,
                swapped.KeptDatabase,
                Math.Round(_environment.Time.GetElapsedTime(started).TotalSeconds, 1),
                fetched.Point,
                _reporter.Warnings);
        }
        finally
        {
            if (RestoreCleanup.TryRun(_environment.Settings, _restoreId) is { } left)
            {
                _reporter.Warn(left);
            }
        }
    }

    private Task<FetchBackupResult> FetchAsync(string database, SelectBackupResult selected, CancellationToken cancellationToken) => selected.Path is { } path
        ? new RecoverDatabaseJob(_environment, _reader).RunAsync(
            new RecoverDatabaseParameters(_restoreId, selected.BackupId, database, path) { Order = selected.ReadableTargets }, cancellationToken)
        : new FetchBackupJob(_environment, _reader).RunAsync(
            new FetchBackupParameters(_restoreId, selected.BackupId) { Order = selected.ReadableTargets }, cancellationToken);

    /// <summary>What was restored and compared is not thrown away because the live database could not be replaced.</summary>
    private async Task<SwapDatabaseResult> SwapAsync(
        string database, SelectBackupResult selected, RestoreDatabaseResult restored, bool partial, CancellationToken cancellationToken)
    {
        try
        {
            return await new SwapDatabaseJob(_environment).RunAsync(
                new SwapDatabaseParameters(
                    _restoreId, selected.BackupId, selected.TargetServer, database, restored.ScratchDatabase, restored.ScratchOid) { Partial = partial },
                cancellationToken);
        }
        catch
        {
            _reporter.Warn(
                $"The restored and compared database is left on server '{selected.TargetServer}' as {restored.ScratchDatabase}: "
                + $"rename it by hand, or remove it with DROP DATABASE \"{restored.ScratchDatabase}\"; and run the restore again.");
            throw;
        }
    }
}
