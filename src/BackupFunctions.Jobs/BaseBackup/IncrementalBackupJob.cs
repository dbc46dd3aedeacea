using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.BaseBackup;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Storage;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.BaseBackup;

/// <summary>
/// A backup of what changed in a server's files since the last base backup, incremental or not. Where that is not possible, or the chain
/// is long enough, a whole base backup is taken and the cause is said: a schedule must never end with none.
/// </summary>
public sealed class IncrementalBackupJob
{
    /// <summary>The first version with pg_basebackup --incremental.</summary>
    private const int LeastMajor = 17;

    private readonly JobEnvironment _environment;
    private readonly BaseBackupJob _job;

    /// <param name="environment">What every job works with.</param>
    /// <param name="stateFolder">The run's own folder.</param>
    public IncrementalBackupJob(JobEnvironment environment, string stateFolder) =>
        (_environment, _job) = (environment, new BaseBackupJob(environment, stateFolder));

    /// <exception cref="PgdrException">As of <see cref="BaseBackupJob.RunAsync(BaseBackupParameters, CancellationToken)"/>.</exception>
    public async Task<IncrementalBackupResult> RunAsync(IncrementalBackupParameters parameters, CancellationToken cancellationToken)
    {
        _environment.Reporter.Phase("prepare");
        var settings = _environment.Settings;
        var server = ServerConnections.Named(settings, parameters.Server);
        var examined = await BaseBackupServer.ExamineAsync(server, _environment.Time, cancellationToken);
        if (!examined.SummarizesWal)
        {
            return new IncrementalBackupResult { Server = parameters.Server, NotTaken = WhyNever(server, examined) };
        }

        var last = await new LastBaseStore(settings.RunStorePath, settings.ClusterName, parameters.Server).ReadAsync(cancellationToken);
        var targets = _environment.OpenTargets();
        var leases = last is null ? [] : last.Chain.Select(id => LeaseOf(targets, id)).ToList();
        try
        {
            var whole = await WhyWholeAsync(server, examined, last, targets, cancellationToken);
            if (whole is not null)
            {
                _environment.Reporter.Warn(whole);
            }

            return new IncrementalBackupResult
            {
                Server = parameters.Server,
                Backup = await _job.RunAsync(parameters.Server, whole is null ? last : null, archive: false, cancellationToken),
                WholeBecause = whole,
            };
        }
        finally
        {
            foreach (var lease in leases)
            {
                await lease.DisposeAsync();
            }
        }
    }

    private static string WhyNever(ServerConnection server, BaseBackupServer examined) => examined.Major < LeastMajor
        ? $"Server '{server.Name}' has version {examined.Major} and incremental backups need {LeastMajor}: it gets whole base backups only."
        : $"Server '{server.Name}' does not summarize its log, so it gets whole base backups only: run ALTER SYSTEM SET summarize_wal = on; SELECT pg_reload_conf(); there for incremental ones.";

    /// <returns>Null when an incremental backup can be taken.</returns>
    private async Task<string?> WhyWholeAsync(
        ServerConnection server, BaseBackupServer examined, LastBase? last, IReadOnlyList<IStorageTarget> targets, CancellationToken cancellationToken)
    {
        var cause = examined.Tablespaces is [var tablespace, ..] ? $"it has further tablespaces ({tablespace.Name}), which incremental backups do not cover"
            : last is null ? "this machine has no list of files of an earlier one"
            : last.Parents.Count >= _environment.Settings.IncrementalLimit ? $"INCREMENTAL_BACKUP_LIMIT ({_environment.Settings.IncrementalLimit}) incremental backups were taken since the last whole one"
            : !string.Equals(last.SystemIdentifier, examined.Identity.SystemIdentifier, StringComparison.Ordinal) ? $"it is another server than the one of backup {last.BackupId}"
            : last.Timeline != examined.Identity.Timeline ? $"it went on to timeline {examined.Identity.Timeline} since backup {last.BackupId}"
            : await WhyUnusableAsync(last, examined, targets, cancellationToken)
                ?? await WalSummaries.FindGapAsync(server, last.Timeline, Lsn.Parse(last.StartLsn), cancellationToken);
        return cause is null ? null : $"A whole base backup of server '{server.Name}' is taken in place of an incremental one: {cause}.";
    }

    /// <summary>What cannot be looked at now is no ground to build on.</summary>
    private async Task<string?> WhyUnusableAsync(LastBase last, BaseBackupServer examined, IReadOnlyList<IStorageTarget> targets, CancellationToken cancellationToken)
    {
        var settings = _environment.Settings;
        var catalog = new StorageCatalog(settings.ClusterName, targets, KeyLoader.Verification(settings.Keys));
        foreach (var id in last.Chain)
        {
            try
            {
                var stored = await catalog.FindAsync(id, cancellationToken);
                var record = stored is null ? null : await catalog.RecordAsync(stored, cancellationToken);
                if (record is null or { DeletedAt: not null } or { Status: BackupStatus.Failed })
                {
                    return $"backup {id}, which it would need, is not in storage any more";
                }

                // pg_checksums changes every block and writes no log of it.
                if (stored!.Manifest.Base?.DataChecksums != examined.DataChecksums)
                {
                    return $"data checksums were switched {(examined.DataChecksums ? "on" : "off")} since backup {id}";
                }
            }
            catch (PgdrException e)
            {
                return $"backup {id}, which it would need, cannot be looked at ({e.Message.TrimEnd('.')})";
            }
        }

        return null;
    }

    /// <summary>Retention must not take away what this backup is about to need.</summary>
    private ReadLease LeaseOf(IReadOnlyList<IStorageTarget> targets, string backupId) => ReadLease.Take(
        targets, _environment.Settings.ClusterName, backupId, $"incremental-{Guid.NewGuid():N}"[..28], _environment.Time, _environment.Loggers.CreateLogger<ReadLease>());
}
