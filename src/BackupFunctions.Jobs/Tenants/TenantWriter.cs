using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.Storage;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Tenants;

/// <summary>Makes one tenant's backup exist: objects, contents, manifest last, then every copy is read back. What fails leaves nothing behind.</summary>
internal sealed class TenantWriter
{
    private readonly JobEnvironment _environment;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly string _stateFolder;
    private readonly PgTools _tools;
    private readonly SigningKey _signingKey;
    private readonly IReadOnlyList<RecipientKey> _recipients;
    private readonly CompressionOptions _compression;

    /// <param name="environment">What every job works with.</param>
    /// <param name="targets">Opened once for all tenants.</param>
    /// <param name="stateFolder">The run's own folder.</param>
    /// <param name="tools">Whose versions the manifest names.</param>
    /// <param name="signingKey">Signs manifests.</param>
    /// <param name="recipients">Of the data keys.</param>
    public TenantWriter(
        JobEnvironment environment, IReadOnlyList<IStorageTarget> targets, string stateFolder, PgTools tools, SigningKey signingKey, IReadOnlyList<RecipientKey> recipients)
    {
        (_environment, _targets, _stateFolder, _tools, _signingKey, _recipients) = (environment, targets, stateFolder, tools, signingKey, recipients);
        _compression = BackupCompression.Of(environment.Settings);
    }

    /// <param name="database">Of the settings.</param>
    /// <param name="tenant">Its id.</param>
    /// <param name="fill">Writes the dump folder's files.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<TenantBackup> RunAsync(
        string database, string tenant, Func<DumpPacker, CancellationToken, Task<TenantDump>> fill, CancellationToken cancellationToken)
    {
        var settings = _environment.Settings;
        var environment = _environment with { Reporter = new TenantReporter(_environment.Reporter, tenant) };
        var chain = ManifestChain.OfTenant(settings.RunStorePath, settings.ClusterName, database, tenant);
        var previous = chain.Read();
        var startedAt = environment.Time.GetUtcNow();
        var backupId = BackupIds.New(environment.Time);
        var state = Path.Combine(_stateFolder, backupId);
        using var key = DataKey.Create();
        var session = BackupSession.Open(environment, _targets);
        var objects = new BackupObjects(session, key, _compression, settings.ClusterName, backupId);
        TenantDump dump;
        Manifest manifest;
        SignedDocument document;
        try
        {
            dump = await WriteAsync(objects, fill, cancellationToken);
            manifest = new Manifest
            {
                Format = Manifest.CurrentFormat,
                Cluster = settings.ClusterName,
                BackupId = backupId,
                Kind = BackupKind.Tenant,
                Database = database,
                Tenant = dump.Facts,
                StartedAt = startedAt,
                SnapshotAt = dump.SnapshotAt,
                FinishedAt = environment.Time.GetUtcNow(),
                Server = dump.Server,
                Tools = _tools.Versions,
                Compression = _compression.Name,
                Encryption = Manifest.Aes256GcmHkdf1Mb,
                Recipients = [.. _recipients.Select(recipient => recipient.Wrap(key))],
                Objects = objects.Objects,
                PlainSize = objects.PlainSize,
                StoredSize = objects.Objects.Sum(stored => stored.Size),
                SignedBy = _signingKey.KeyId,
                Sequence = previous.Sequence + 1,
                PreviousManifestSha256 = previous.Sha256,
            };
            document = ManifestCodec.Write(manifest, _signingKey);
            await new ManifestPublisher(session, settings.ClusterName, state).PublishAsync(manifest, document, _signingKey, cancellationToken);
        }
        catch
        {
            await new BackupWithdrawal(_targets, environment.Loggers.CreateLogger<BackupWithdrawal>()).RunAsync(settings.ClusterName, backupId);
            throw;
        }

        var completed = await new BackupCompletion(environment, session, _targets, chain).RunAsync(manifest, document, _signingKey, cancellationToken);
        Directory.Delete(state, recursive: true);
        var unproven = dump.Facts.Unproven;
        return new TenantBackup(
            tenant,
            backupId,
            unproven is null ? completed.Status : BackupStatus.Completed,
            completed.StatusReason ?? unproven,
            dump.Rows,
            manifest.PlainSize,
            manifest.StoredSize,
            [.. completed.Copies.Where(copy => !copy.Verified).Select(copy => copy.Target)]);
    }

    private static async Task<TenantDump> WriteAsync(
        BackupObjects objects, Func<DumpPacker, CancellationToken, Task<TenantDump>> fill, CancellationToken cancellationToken)
    {
        await using var packer = new DumpPacker(objects);
        var dump = await fill(packer, cancellationToken);
        await packer.FinishAsync(cancellationToken);
        await using var stored = await objects.CreateAsync(ObjectNames.Contents, "contents", cancellationToken);
        await ContentsCodec.WriteAsync(dump.Contents with { Parts = packer.Parts }, stored.AsStream(), cancellationToken);
        await stored.CompleteAsync(cancellationToken);
        return dump;
    }
}
