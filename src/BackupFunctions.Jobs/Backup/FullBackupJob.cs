using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Backup;

/// <summary>
/// A full logical backup in one pass: pg_dump's growing files are compressed, encrypted and sent to all targets while they are written;
/// the manifest comes last, then every copy is read back.
/// </summary>
public sealed class FullBackupJob
{
    private readonly JobEnvironment _environment;
    private readonly string _stateFolder;

    /// <param name="environment">What every job works with.</param>
    /// <param name="stateFolder">The run's own folder: the manifest is kept there before any target gets it.</param>
    public FullBackupJob(JobEnvironment environment, string stateFolder)
    {
        _environment = environment;
        _stateFolder = stateFolder;
    }

    public async Task<FullBackupResult> RunAsync(FullBackupParameters parameters, CancellationToken cancellationToken)
    {
        var settings = _environment.Settings;
        _environment.Reporter.Phase("prepare");

        // Everything that can be wrong beforehand is found before the first byte is written.
        var server = ServerConnections.OfDatabase(settings, parameters.Database);
        var recipients = KeyLoader.Recipients(settings.Keys);
        using var signingKey = KeyLoader.Signing(settings.Keys);
        var compression = BackupCompression.Of(settings);
        var dumpFolder = Path.Combine(settings.WorkPath, "dumps");
        JobFolders.Prepare(dumpFolder, "WORK_PATH");
        var chain = new ManifestChain(settings.RunStorePath, settings.ClusterName, parameters.Database);
        var previous = chain.Read();
        var probe = await ServerProbe.RunAsync(server, cancellationToken);
        var tools = await PgTools.FindAsync(probe.Major, settings.PostgresBinaries, cancellationToken);
        _environment.Reporter.WarnAll(tools.SecurityWarnings);

        var startedAt = _environment.Time.GetUtcNow();
        var backupId = BackupIds.New(_environment.Time);
        using var key = DataKey.Create();
        var targets = _environment.OpenTargets();
        var session = BackupSession.Open(_environment, targets);
        var objects = new BackupObjects(session, key, compression, settings.ClusterName, backupId);
        DumpOutcome dump;
        Manifest manifest;
        SignedDocument document;
        try
        {
            _environment.Reporter.Phase("dump", probe.Find(parameters.Database)?.SizeBytes);
            dump = await new BackupWriter(_environment, objects, server, tools).RunAsync(parameters.Database, dumpFolder, cancellationToken);
            _environment.Reporter.Phase("manifest");
            manifest = new Manifest
            {
                Format = Manifest.CurrentFormat,
                Cluster = settings.ClusterName,
                BackupId = backupId,
                Kind = BackupKind.Full,
                Database = parameters.Database,
                StartedAt = startedAt,
                SnapshotAt = dump.SnapshotAt,
                FinishedAt = _environment.Time.GetUtcNow(),
                Server = dump.ServerIdentity,
                Tools = dump.ToolVersions,
                Compression = compression.Name,
                Encryption = Manifest.Aes256GcmHkdf1Mb,
                Recipients = [.. recipients.Select(recipient => recipient.Wrap(key))],
                Objects = objects.Objects,
                PlainSize = objects.PlainSize,
                StoredSize = objects.Objects.Sum(stored => stored.Size),
                SignedBy = signingKey.KeyId,
                Sequence = previous.Sequence + 1,
                PreviousManifestSha256 = previous.Sha256,
                Archive = parameters.Archive,
            };
            document = ManifestCodec.Write(manifest, signingKey);
            var publisher = new ManifestPublisher(session, settings.ClusterName, _stateFolder);
            await publisher.PublishAsync(manifest, document, signingKey, cancellationToken);
        }
        catch
        {
            await new BackupWithdrawal(targets, _environment.Loggers.CreateLogger<BackupWithdrawal>()).RunAsync(settings.ClusterName, backupId);
            throw;
        }

        var completed = await new BackupCompletion(_environment, session, targets, chain).RunAsync(manifest, document, signingKey, cancellationToken);
        return new FullBackupResult
        {
            BackupId = backupId,
            Database = parameters.Database,
            Status = completed.Status,
            StatusReason = completed.StatusReason,
            Copies = completed.Copies,
            PlainSize = manifest.PlainSize,
            StoredSize = manifest.StoredSize,
            Tables = dump.Tables.Count,
            Rows = dump.Tables.Sum(table => table.Rows),
        };
    }
}
