using System.Security.Cryptography;
using System.Text;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Restore.Physical.Delta;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Postgres.BaseBackup;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Failover;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Restore.Physical;

/// <summary>One base backup, incremental or not, on its way from storage to a directory. What is needed is looked at before anything is touched.</summary>
internal sealed class StoredBase : IDisposable
{
    private const int Parallelism = 4;

    private readonly JobEnvironment _environment;
    private readonly BackupReader _reader;
    private readonly StoredManifest _stored;
    private readonly DataKey _key;
    private readonly FailoverReader _failover;

    private StoredBase(JobEnvironment environment, BackupReader reader, StoredManifest stored, DataKey key, IReadOnlyList<IStorageTarget> copies)
    {
        (_environment, _reader, _stored, _key) = (environment, reader, stored, key);
        _failover = new FailoverReader(
            copies,
            new FailoverReaderOptions
            {
                HedgeDelay = environment.Settings.ReadHedgeDelay,
                HealthStore = reader.Health,
                OnFailover = switched => environment.Reporter.Failover(switched.ToString()),
            },
            environment.Loggers.CreateLogger<FailoverReader>());
    }

    public Manifest Manifest => _stored.Manifest;

    public SignedDocument Document => _stored.Document;

    public IReadOnlyDictionary<string, long> BytesByTarget => _failover.BytesByTarget;

    public IReadOnlyList<string> Failovers => _failover.Failovers;

    /// <exception cref="PgdrException">backup.unknown, copies.missing, key.*</exception>
    public static async Task<StoredBase> FindAsync(JobEnvironment environment, BackupReader reader, string backupId, CancellationToken cancellationToken)
    {
        var stored = await FindAsync(reader, backupId, cancellationToken);
        var copies = await ReadableCopies.OfAsync(reader, stored, environment.Reporter, cancellationToken);
        await new CopyCheck(copies).RunAsync(stored.Manifest, cancellationToken);
        return new StoredBase(environment, reader, stored, reader.PrivateKeys.Unwrap(stored.Manifest.Recipients), copies);
    }

    /// <summary>Further tablespaces. The contents are read before anything is touched, so they are held in memory; they are lists of objects and directories.</summary>
    public async Task<IReadOnlyList<BaseTablespace>> TablespacesAsync(CancellationToken cancellationToken)
    {
        if (Manifest.Base is not { Tablespaces.Count: > 0 })
        {
            return [];
        }

        using var plain = new MemoryStream();
        await new ObjectFetcher(Manifest, _key, _failover, _environment.Reporter).FetchAsync(
            OfRole("contents").Single(),
            async (content, token) =>
            {
                plain.SetLength(0);
                await content.CopyToAsync(plain, token);
            },
            cancellationToken);
        plain.Position = 0;
        return (await BaseContentsCodec.ReadAsync(plain, cancellationToken)).Tablespaces;
    }

    /// <summary>All files into the directory, pg_control last, and pg_verifybackup over them.</summary>
    /// <returns>Bytes of ciphertext that an earlier run had already brought.</returns>
    /// <exception cref="PgdrException">verification.failed: files are not those of the server; they are fetched anew by the next run.</exception>
    public async Task<long> RestoreAsync(PgTools tools, DataDirectory directory, CancellationToken cancellationToken)
    {
        await using var lease = ReadLease.Take(
            _reader.Targets, _reader.Cluster, Manifest.BackupId, HolderOf(directory), _environment.Time, _environment.Loggers.CreateLogger<ReadLease>());
        var reused = await WriteAsync(directory, new ObjectFetcher(Manifest, _key, _failover, _environment.Reporter), cancellationToken);
        _environment.Reporter.Phase("verify");
        try
        {
            await BackupVerifier.RunAsync(
                tools, directory.Path, directory.Tablespaces.IsEmpty ? [DataDirectory.StateName] : [DataDirectory.StateName, TablespaceMap.FileName], cancellationToken);
        }
        catch (PgdrException e) when (e.Code is ErrorCodes.VerificationFailed)
        {
            directory.Complete.Clear();
            throw;
        }

        return reused;
    }

    public void Dispose() => _key.Dispose();

    private static async Task<StoredManifest> FindAsync(BackupReader reader, string backupId, CancellationToken cancellationToken)
    {
        var stored = await reader.Catalog.FindAsync(backupId, cancellationToken)
            ?? throw new PgdrException(ErrorCodes.BackupUnknown, $"No target holds a backup {backupId}: 'pgdr backup list' shows what there is.");
        var record = await reader.Catalog.RecordAsync(stored, cancellationToken);
        return record switch
        {
            { DeletedAt: { } deleted } => throw new PgdrException(
                ErrorCodes.BackupUnknown, $"The data of backup {backupId} was deleted by retention on {deleted:yyyy-MM-dd}: 'pgdr backup list' shows what there is."),
            { Kind: not (BackupKind.Base or BackupKind.Incremental) } => throw new PgdrException(
                ErrorCodes.BackupUnknown, $"Backup {backupId} is a dump of database '{record.Database}', not a base backup: name a base backup."),
            _ => stored,
        };
    }

    /// <returns>Bytes of ciphertext that an earlier run had already brought.</returns>
    private async Task<long> WriteAsync(DataDirectory directory, ObjectFetcher objects, CancellationToken cancellationToken)
    {
        var contents = await FetchContentsAsync(directory, objects, cancellationToken);
        var parts = contents.Parts.ToDictionary(part => part.ObjectName, StringComparer.Ordinal);
        var data = OfRole("data").ToList();
        if (data.Find(item => !parts.ContainsKey(item.Name)) is { } unknown || parts.Count != data.Count)
        {
            throw new PgdrException(ErrorCodes.ObjectDamaged, $"The contents of backup {Manifest.BackupId} do not say what its objects hold: use another backup.");
        }

        var delta = directory.IsDelta ? await CompareAsync(directory, contents, objects, cancellationToken) : null;
        delta?.RemoveTheRest();
        var writer = new DataDirectoryWriter(directory, contents, delta);
        writer.Prepare();
        // An earlier run may have come so far: as long as files are being written the directory must not look whole.
        File.Delete(directory.FileOf(BasePaths.ControlFile));
        var isControl = data.ToLookup(item => parts[item.Name].Path is BasePaths.ControlFile);
        var pending = isControl[false].Where(item => !(delta?.Has(parts[item.Name]) ?? directory.Complete.Contains(item))).ToList();
        var reused = isControl[false].Sum(item => item.Size) - pending.Sum(item => item.Size);
        _environment.Reporter.AddBytes(reused);
        await FetchDataAsync(pending, parts, objects, writer, directory.Complete, cancellationToken);
        await objects.FetchAsync(
            OfRole(BasePacker.ManifestRole).Single(), (plain, token) => writer.WriteFileAsync(BasePaths.Manifest, plain, token), cancellationToken);
        FileSystemFlush.Run(directory.FileOf(BasePaths.Manifest));
        directory.Tablespaces.Flush();
        var control = isControl[true].Single();
        await objects.FetchAsync(control, (plain, token) => writer.WriteAsync(parts[control.Name], plain, token), cancellationToken);
        writer.SetModes();
        FileSystemFlush.Run(directory.FileOf(BasePaths.ControlFile));
        return reused;
    }

    private async Task<DirectoryDelta> CompareAsync(DataDirectory directory, BaseContents contents, ObjectFetcher objects, CancellationToken cancellationToken)
    {
        var list = directory.InState("backup_manifest");
        await objects.FetchAsync(
            OfRole(BasePacker.ManifestRole).Single(),
            async (plain, token) =>
            {
                await using var file = File.Create(list);
                await plain.CopyToAsync(file, token);
            },
            cancellationToken);
        await using var manifest = File.OpenRead(list);
        var delta = await DirectoryDelta.CompareAsync(directory, contents, manifest, cancellationToken);
        _environment.Reporter.Detail($"{delta.Unchanged.Count} files did not change");
        DataDirectory.CheckDisk(directory.Path, delta.GrowthBytes);
        return delta;
    }

    /// <summary>Parsed only when all of it is there and authentic.</summary>
    private async Task<BaseContents> FetchContentsAsync(DataDirectory directory, ObjectFetcher objects, CancellationToken cancellationToken)
    {
        await objects.FetchAsync(
            OfRole("contents").Single(),
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

    /// <summary>The same for the same directory, so that a restore that was killed takes its own lease again.</summary>
    private static string HolderOf(DataDirectory directory) =>
        "base-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.MachineName}\0{directory.Path}")))[..16];

    private IEnumerable<ManifestObject> OfRole(string role) =>
        Manifest.Objects.Where(item => string.Equals(item.Role, role, StringComparison.Ordinal));
}
