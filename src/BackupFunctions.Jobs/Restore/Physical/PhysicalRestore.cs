using System.Security.Cryptography;
using System.Text;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Postgres.BaseBackup;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.Storage.Failover;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Restore.Physical;

/// <summary>
/// Restores a base backup into a new data directory, several objects at once. Started again after a crash it fetches only what is not
/// complete yet. pg_control comes last: until then no server starts from the directory. What comes out needs the log from the backup's
/// start to its stop position before it is consistent.
/// </summary>
public sealed class PhysicalRestore
{
    private const int Parallelism = 4;

    private readonly JobEnvironment _environment;
    private readonly BackupReader _reader;

    private PhysicalRestore(JobEnvironment environment, BackupReader reader) => (_environment, _reader) = (environment, reader);

    /// <param name="environment">What every job works with.</param>
    /// <param name="reader">Storage and keys, from the settings or from a recovery file.</param>
    /// <param name="backupId">A base backup.</param>
    /// <param name="dataDirectory">Absent or empty, or one where a restore of this backup was interrupted. It gets mode 0700 and belongs to this account.</param>
    /// <param name="cancellationToken">Stops it; the next run goes on.</param>
    /// <exception cref="PgdrException">
    /// backup.unknown, copies.missing, key.*, tool.missing, database.exists (the directory holds something else), disk.full: nothing was
    /// touched. verification.failed: pg_verifybackup finds that files are not those of the server.
    /// </exception>
    public static Task<PhysicalRestoreResult> RunAsync(
        JobEnvironment environment, BackupReader reader, string backupId, string dataDirectory, CancellationToken cancellationToken) =>
        new PhysicalRestore(environment, reader).RunAsync(backupId, dataDirectory, cancellationToken);

    private async Task<PhysicalRestoreResult> RunAsync(string backupId, string dataDirectory, CancellationToken cancellationToken)
    {
        _environment.Reporter.Phase("select");
        var stored = await FindAsync(backupId, cancellationToken);
        var manifest = stored.Manifest;
        var copies = await ReadableCopies.OfAsync(_reader, stored, _environment.Reporter, cancellationToken);
        await new CopyCheck(copies).RunAsync(manifest, cancellationToken);
        using var key = _reader.PrivateKeys.Unwrap(manifest.Recipients);
        var tools = await (await PgTools.FindAsync(manifest.Server.VersionNumber / 10000, _environment.Settings.PostgresBinaries, cancellationToken))
            .RequireAsync(PgTools.PgVerifyBackupName, cancellationToken);

        using var directory = DataDirectory.Open(dataDirectory, manifest, stored.Document);
        await using var lease = ReadLease.Take(
            _reader.Targets, _reader.Cluster, backupId, HolderOf(directory), _environment.Time, _environment.Loggers.CreateLogger<ReadLease>());
        var failover = new FailoverReader(
            copies,
            new FailoverReaderOptions
            {
                HedgeDelay = _environment.Settings.ReadHedgeDelay,
                HealthStore = _reader.Health,
                OnFailover = switched => _environment.Reporter.Failover(switched.ToString()),
            },
            _environment.Loggers.CreateLogger<FailoverReader>());
        var objects = new ObjectFetcher(manifest, key, failover, _environment.Reporter);
        try
        {
            var reused = await WriteAsync(manifest, directory, objects, cancellationToken);
            await VerifyAsync(tools, directory, cancellationToken);
            directory.Finish();
            FileSystemFlush.Run(directory.FileOf(BasePaths.ControlFile));
            return new PhysicalRestoreResult(manifest, failover.BytesByTarget.Values.Sum(), reused, failover.BytesByTarget, failover.Failovers);
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            throw DataDirectory.Explain(directory.Path, e);
        }
    }

    private async Task<StoredManifest> FindAsync(string backupId, CancellationToken cancellationToken)
    {
        var stored = await _reader.Catalog.FindAsync(backupId, cancellationToken)
            ?? throw new PgdrException(ErrorCodes.BackupUnknown, $"No target holds a backup {backupId}: 'pgdr backup list' shows what there is.");
        var record = await _reader.Catalog.RecordAsync(stored, cancellationToken);
        return record switch
        {
            { DeletedAt: { } deleted } => throw new PgdrException(
                ErrorCodes.BackupUnknown, $"The data of backup {backupId} was deleted by retention on {deleted:yyyy-MM-dd}: 'pgdr backup list' shows what there is."),
            { Kind: not BackupKind.Base } => throw new PgdrException(
                ErrorCodes.BackupUnknown, $"Backup {backupId} is a dump of database '{record.Database}', not a base backup: name a base backup."),
            _ => stored,
        };
    }

    /// <returns>Bytes of ciphertext that an earlier run had already brought.</returns>
    private async Task<long> WriteAsync(Manifest manifest, DataDirectory directory, ObjectFetcher objects, CancellationToken cancellationToken)
    {
        _environment.Reporter.Phase(JobPhases.Download, manifest.StoredSize);
        var contents = await FetchContentsAsync(manifest, directory, objects, cancellationToken);
        var parts = contents.Parts.ToDictionary(part => part.ObjectName, StringComparer.Ordinal);
        var data = OfRole(manifest, "data").ToList();
        if (data.Find(item => !parts.ContainsKey(item.Name)) is { } unknown || parts.Count != data.Count)
        {
            throw new PgdrException(ErrorCodes.ObjectDamaged, $"The contents of backup {manifest.BackupId} do not say what its objects hold: use another backup.");
        }

        var writer = new DataDirectoryWriter(directory, contents);
        writer.Prepare();
        // An earlier run may have come so far: as long as files are being written the directory must not look whole.
        File.Delete(directory.FileOf(BasePaths.ControlFile));
        var isControl = data.ToLookup(item => parts[item.Name].Path is BasePaths.ControlFile);
        var pending = isControl[false].Where(item => !directory.Complete.Contains(item)).ToList();
        var reused = isControl[false].Sum(item => item.Size) - pending.Sum(item => item.Size);
        _environment.Reporter.AddBytes(reused);
        await FetchDataAsync(pending, parts, objects, writer, directory.Complete, cancellationToken);
        await objects.FetchAsync(
            OfRole(manifest, BasePacker.ManifestRole).Single(), (plain, token) => writer.WriteFileAsync(BasePaths.Manifest, plain, token), cancellationToken);
        FileSystemFlush.Run(directory.FileOf(BasePaths.Manifest));
        var control = isControl[true].Single();
        await objects.FetchAsync(control, (plain, token) => writer.WriteAsync(parts[control.Name], plain, token), cancellationToken);
        writer.SetModes();
        FileSystemFlush.Run(directory.FileOf(BasePaths.ControlFile));
        return reused;
    }

    /// <summary>Parsed only when all of it is there and authentic.</summary>
    private static async Task<BaseContents> FetchContentsAsync(
        Manifest manifest, DataDirectory directory, ObjectFetcher objects, CancellationToken cancellationToken)
    {
        await objects.FetchAsync(
            OfRole(manifest, "contents").Single(),
            async (plain, token) =>
            {
                await using var file = File.Create(directory.ContentsFile);
                await plain.CopyToAsync(file, token);
            },
            cancellationToken);
        await using var contents = File.OpenRead(directory.ContentsFile);
        return await BaseContentsCodec.ReadAsync(contents, cancellationToken);
    }

    private async Task FetchDataAsync(
        IReadOnlyList<ManifestObject> pending,
        Dictionary<string, ArchivePart> parts,
        ObjectFetcher objects,
        DataDirectoryWriter writer,
        CompletedObjects complete,
        CancellationToken cancellationToken)
    {
        var open = pending.Count;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(pending, options, async (item, token) =>
        {
            await objects.FetchAsync(item, (plain, inner) => writer.WriteAsync(parts[item.Name], plain, inner), token);
            complete.Add(item);
            _environment.Reporter.Detail($"{Interlocked.Decrement(ref open)} objects to go");
        });
    }

    /// <summary>Files that are not the server's are fetched anew by the next run.</summary>
    private async Task VerifyAsync(PgTools tools, DataDirectory directory, CancellationToken cancellationToken)
    {
        _environment.Reporter.Phase("verify");
        try
        {
            await BackupVerifier.RunAsync(tools, directory.Path, DataDirectory.StateName, cancellationToken);
        }
        catch (PgdrException e) when (e.Code is ErrorCodes.VerificationFailed)
        {
            directory.Complete.Clear();
            throw;
        }
    }

    /// <summary>The same for the same directory, so that a restore that was killed takes its own lease again.</summary>
    private static string HolderOf(DataDirectory directory) =>
        "base-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.MachineName}\0{directory.Path}")))[..16];

    private static IEnumerable<ManifestObject> OfRole(Manifest manifest, string role) =>
        manifest.Objects.Where(item => string.Equals(item.Role, role, StringComparison.Ordinal));
}
