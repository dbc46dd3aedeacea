using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Jobs.Restore.Physical.Delta;
using BackupFunctions.Jobs.Restore.Physical.Tablespaces;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Jobs.Restore.Physical;

/// <summary>
/// Restores a base backup into a new data directory, several objects at once; an incremental one together with all that it needs. Started
/// again after a crash it fetches only what is not complete yet. pg_control comes last: until then no server starts from the directory.
/// What comes out needs the log from the backup's start to its stop position before it is consistent.
/// </summary>
public sealed class PhysicalRestore
{
    private readonly JobEnvironment _environment;
    private readonly BackupReader _reader;

    private PhysicalRestore(JobEnvironment environment, BackupReader reader) => (_environment, _reader) = (environment, reader);

    /// <param name="environment">What every job works with.</param>
    /// <param name="reader">Storage and keys, from the settings or from a recovery file.</param>
    /// <param name="backupId">A base backup, incremental or not.</param>
    /// <param name="dataDirectory">Absent or empty, or one where a restore of this backup was interrupted. It gets mode 0700 and belongs to this account.</param>
    /// <param name="tablespaces">Where further tablespaces go: each absent or empty.</param>
    /// <param name="cancellationToken">Stops it; the next run goes on.</param>
    /// <exception cref="PgdrException">
    /// backup.unknown, copies.missing, key.*, tool.missing, database.exists (the directory holds something else), disk.full: nothing was
    /// touched. verification.failed: pg_verifybackup finds that files are not those of the server.
    /// </exception>
    public static Task<PhysicalRestoreResult> RunAsync(
        JobEnvironment environment, BackupReader reader, string backupId, string dataDirectory, TablespaceMapping tablespaces, CancellationToken cancellationToken) =>
        new PhysicalRestore(environment, reader).RunAsync(backupId, dataDirectory, tablespaces, delta: false, cancellationToken);

    /// <summary>
    /// The same into the data directory of the same server, which is stopped: files whose size and checksum are those of the backup stay, all
    /// others are replaced, and what the backup has not is removed. An absent or empty directory is filled. Not for further tablespaces.
    /// </summary>
    /// <inheritdoc cref="RunAsync(JobEnvironment, BackupReader, string, string, TablespaceMapping, CancellationToken)"/>
    public static Task<PhysicalRestoreResult> RunDeltaAsync(
        JobEnvironment environment, BackupReader reader, string backupId, string dataDirectory, CancellationToken cancellationToken) =>
        new PhysicalRestore(environment, reader).RunAsync(backupId, dataDirectory, TablespaceMapping.Old, delta: true, cancellationToken);

    private async Task<PhysicalRestoreResult> RunAsync(
        string backupId, string dataDirectory, TablespaceMapping tablespaces, bool delta, CancellationToken cancellationToken)
    {
        _environment.Reporter.Phase("select");
        var chain = new List<StoredBase>();
        try
        {
            var last = await StoredBase.FindAsync(_environment, _reader, backupId, cancellationToken);
            chain.Add(last);
            foreach (var parent in last.Manifest.Parents.Reverse())
            {
                chain.Insert(0, await StoredBase.FindAsync(_environment, _reader, parent, cancellationToken));
            }

            var tools = await (await PgTools.FindAsync(last.Manifest.Server.VersionNumber / 10000, _environment.Settings.PostgresBinaries, cancellationToken))
                .RequireAsync(PgTools.PgVerifyBackupName, cancellationToken);
            dataDirectory = Path.GetFullPath(dataDirectory);
            if (delta && chain.Count > 1)
            {
                throw new PgdrException(ErrorCodes.InvalidSettings, $"Backup {backupId} is incremental, and a delta restore needs a whole base backup: name one, or leave out --delta.");
            }

            if (last.Manifest.Base is { Tablespaces.Count: > 0 } && (delta || chain.Count > 1))
            {
                throw new PgdrException(
                    ErrorCodes.TablespacesRefused,
                    $"Backup {backupId} has further tablespaces, which {(delta ? "a delta restore does not write: leave out --delta, and name a new directory" : "a restore of incremental backups does not write: name a whole base backup with --backup")}.");
            }

            if (delta && DataDirectory.HoldsFiles(dataDirectory) && !DataDirectory.IsBegun(dataDirectory))
            {
                await ExistingDirectory.RequireSameServerAsync(dataDirectory, last.Manifest, tools, cancellationToken);
            }

            var places = TablespacePlaces.Choose(await last.TablespacesAsync(cancellationToken), tablespaces, dataDirectory);
            return await RestoreAsync(chain, tools, dataDirectory, places, delta, cancellationToken);
        }
        finally
        {
            chain.ForEach(stored => stored.Dispose());
        }
    }

    private async Task<PhysicalRestoreResult> RestoreAsync(
        List<StoredBase> chain, PgTools tools, string dataDirectory, TablespacePlaces places, bool delta, CancellationToken cancellationToken)
    {
        var last = chain[^1];
        var restore = chain.Count == 1 ? null : await ChainRestore.PrepareAsync(_environment, chain, tools, cancellationToken);
        using var directory = DataDirectory.Open(dataDirectory, restore?.NeededBytes ?? last.Manifest.PlainSize, last.Document, delta, places);
        try
        {
            _environment.Reporter.Phase(JobPhases.Download, chain.Sum(stored => stored.Manifest.StoredSize));
            var reused = await (restore?.RunAsync(directory, cancellationToken) ?? last.RestoreAsync(tools, directory, cancellationToken));
            directory.Finish();
            FileSystemFlush.Run(directory.FileOf(BasePaths.ControlFile));
            var bytes = chain.SelectMany(stored => stored.BytesByTarget).GroupBy(target => target.Key, StringComparer.Ordinal)
                .ToDictionary(target => target.Key, target => target.Sum(one => one.Value), StringComparer.Ordinal);
            return new PhysicalRestoreResult(last.Manifest, bytes.Values.Sum(), reused, bytes, [.. chain.SelectMany(stored => stored.Failovers)], [.. places.Locations]);
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            throw DataDirectory.Explain(directory.Path, e);
        }
    }
}
