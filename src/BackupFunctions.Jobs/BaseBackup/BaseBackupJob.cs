using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.BaseBackup;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.Storage.FanOut;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.BaseBackup;

/// <summary>
/// A base backup of a whole server in one pass: the stream of pg_basebackup is compressed, encrypted and sent to all targets while it is
/// read; the manifest comes last, then every copy is read back. The log that it needs is archived by <see cref="Wal.ReceiveWalJob"/>.
/// </summary>
public sealed class BaseBackupJob
{
    private readonly JobEnvironment _environment;
    private readonly string _stateFolder;

    /// <param name="environment">What every job works with.</param>
    /// <param name="stateFolder">The run's own folder: the manifest is kept there before any target gets it.</param>
    public BaseBackupJob(JobEnvironment environment, string stateFolder)
    {
        _environment = environment;
        _stateFolder = stateFolder;
    }

    /// <exception cref="PgdrException">
    /// server.tablespaces, database.permission, replication.refused, tool.missing: nothing was begun. server.damaged: the server's data
    /// checksums do not match; copies.missing: too few targets took it; in both cases nothing of it stays.
    /// </exception>
    public async Task<BaseBackupResult> RunAsync(BaseBackupParameters parameters, CancellationToken cancellationToken)
    {
        var settings = _environment.Settings;
        _environment.Reporter.Phase("prepare");

        // Everything that can be wrong beforehand is found before the first byte is written.
        var server = ServerConnections.Named(settings, parameters.Server);
        var recipients = KeyLoader.Recipients(settings.Keys);
        using var signingKey = KeyLoader.Signing(settings.Keys);
        var compression = BackupCompression.Of(settings);
        var chain = ManifestChain.OfServer(settings.RunStorePath, settings.ClusterName, parameters.Server);
        var previous = chain.Read();
        var examined = await BaseBackupServer.ExamineAsync(server, _environment.Time, cancellationToken);
        var tools = await (await PgTools.FindAsync(examined.Major, settings.PostgresBinaries, cancellationToken))
            .RequireAsync(PgTools.PgBaseBackupName, cancellationToken);
        _environment.Reporter.WarnAll(tools.SecurityWarnings);
        WarnWithoutChecksums(server, examined);

        var startedAt = _environment.Time.GetUtcNow();
        var backupId = BackupIds.New(_environment.Time);
        using var key = DataKey.Create();
        var targets = _environment.OpenTargets();
        var session = new FanOutSession(targets, settings.RequiredCopies, _environment.Loggers.CreateLogger<FanOutSession>());
        var objects = new BackupObjects(session, key, compression, settings.ClusterName, backupId);
        BaseBackupOutcome outcome;
        Manifest manifest;
        SignedDocument document;
        try
        {
            _environment.Reporter.Phase("base", examined.Bytes);
            outcome = await StreamAsync(tools, server, $"pgdr {backupId}", objects, cancellationToken);
            var consistentAt = _environment.Time.GetUtcNow() + examined.ClockAhead;
            _environment.Reporter.Phase("manifest");
            manifest = new Manifest
            {
                Format = Manifest.CurrentFormat,
                Cluster = settings.ClusterName,
                BackupId = backupId,
                Kind = BackupKind.Base,
                Database = string.Empty,
                Base = Describe(parameters.Server, examined, outcome),
                StartedAt = startedAt,
                SnapshotAt = consistentAt,
                FinishedAt = _environment.Time.GetUtcNow(),
                Server = examined.Identity with { Timeline = outcome.Label.Timeline, Lsn = Lsn.Format(outcome.Label.StartLsn) },
                Tools = new Dictionary<string, string>(StringComparer.Ordinal) { [PgTools.PgBaseBackupName] = tools.Versions[PgTools.PgBaseBackupName] },
                Compression = compression.Name,
                Encryption = Manifest.Aes256GcmHkdf1Mb,
                Recipients = [.. recipients.Select(recipient => recipient.Wrap(key))],
                Objects = objects.Objects,
                PlainSize = objects.PlainSize,
                StoredSize = objects.Objects.Sum(stored => stored.Size),
                SignedBy = signingKey.KeyId,
                Sequence = previous.Sequence + 1,
                PreviousManifestSha256 = previous.Sha256,
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
        return new BaseBackupResult
        {
            BackupId = backupId,
            Server = parameters.Server,
            Status = completed.Status,
            StatusReason = completed.StatusReason,
            Copies = completed.Copies,
            PlainSize = manifest.PlainSize,
            StoredSize = manifest.StoredSize,
            Files = outcome.Files,
            SystemIdentifier = examined.Identity.SystemIdentifier!,
            Timeline = outcome.Label.Timeline,
            StartLsn = Lsn.Format(outcome.Label.StartLsn),
            StopLsn = Lsn.Format(outcome.StopLsn),
        };
    }

    private static BaseFacts Describe(string server, BaseBackupServer examined, BaseBackupOutcome outcome) => new()
    {
        Server = server,
        Label = outcome.Label.Label,
        Timeline = outcome.Label.Timeline,
        StartLsn = Lsn.Format(outcome.Label.StartLsn),
        CheckpointLsn = Lsn.Format(outcome.Label.CheckpointLsn),
        StopTimeline = outcome.StopTimeline,
        StopLsn = Lsn.Format(outcome.StopLsn),
        WalSegmentSize = examined.WalSegmentSize,
        DataChecksums = examined.DataChecksums,
    };

    private async Task<BaseBackupOutcome> StreamAsync(
        PgTools tools, ServerConnection server, string label, BackupObjects objects, CancellationToken cancellationToken)
    {
        await using var packer = new BasePacker(objects, _environment.Reporter, Environment.ProcessorCount, cancellationToken);
        var outcome = await BaseBackupStream.RunAsync(tools, server, label, packer, _environment.Reporter.Warn, cancellationToken);
        var contents = await packer.FinishAsync();
        await using var stored = await objects.CreateAsync(ObjectNames.Contents, "contents", cancellationToken);
        await BaseContentsCodec.WriteAsync(contents, stored.AsStream(), cancellationToken);
        await stored.CompleteAsync(cancellationToken);
        return outcome;
    }

    private void WarnWithoutChecksums(ServerConnection server, BaseBackupServer examined)
    {
        if (!examined.DataChecksums)
        {
            _environment.Reporter.Warn(
                $"Server '{server.Name}' has no data checksums, so damage on its disk goes into the backup unnoticed: stop it and run pg_checksums --enable.");
        }
    }
}
