using System.Globalization;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.BaseBackup.Archives;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.BaseBackup;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.BaseBackup;

/// <summary>
/// A base backup of a whole server in one pass: the stream of pg_basebackup is compressed, encrypted and sent to all targets while it is
/// read; the manifest comes last, then every copy is read back. The log that it needs is archived by
/// <see cref="Wal.ReceiveWalJob"/>; of an archive it is safe before the manifest is written.
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
    /// checksums do not match; copies.missing: too few targets took it; wal.missing: an archive's log cannot be had; in all three nothing of it stays.
    /// </exception>
    public Task<BaseBackupResult> RunAsync(BaseBackupParameters parameters, CancellationToken cancellationToken) =>
        RunAsync(parameters.Server, parent: null, parameters.Archive, cancellationToken);

    /// <param name="serverName">Of the settings.</param>
    /// <param name="parent">The backup that this one is to be incremental to; null: a whole one.</param>
    /// <param name="archive">Its log is made safe with it, and it is kept for months.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal async Task<BaseBackupResult> RunAsync(string serverName, LastBase? parent, bool archive, CancellationToken cancellationToken)
    {
        var settings = _environment.Settings;
        _environment.Reporter.Phase("prepare");

        // Everything that can be wrong beforehand is found before the first byte is written.
        var server = ServerConnections.Named(settings, serverName);
        var recipients = KeyLoader.Recipients(settings.Keys);
        using var signingKey = KeyLoader.Signing(settings.Keys);
        var compression = BackupCompression.Of(settings);
        var chain = ManifestChain.OfServer(settings.RunStorePath, settings.ClusterName, serverName);
        var previous = chain.Read();
        var bases = new LastBaseStore(settings.RunStorePath, settings.ClusterName, serverName);
        var examined = await BaseBackupServer.ExamineAsync(server, _environment.Time, cancellationToken);
        var tools = await (await PgTools.FindAsync(examined.Major, settings.PostgresBinaries, cancellationToken))
            .RequireAsync(PgTools.PgBaseBackupName, cancellationToken);
        var staging = BaseStaging.Prepare(settings, server, examined, parent is not null, _environment.Reporter.Warn);
        _environment.Reporter.WarnAll(tools.SecurityWarnings);
        WarnWithoutChecksums(server, examined);

        var startedAt = _environment.Time.GetUtcNow();
        var backupId = BackupIds.New(_environment.Time);
        using var key = DataKey.Create();
        var targets = _environment.OpenTargets();
        var session = BackupSession.Open(_environment, targets);
        var objects = new BackupObjects(session, key, compression, settings.ClusterName, backupId);
        BaseBackupOutcome outcome;
        Manifest manifest;
        SignedDocument document;
        try
        {
            await using var log = archive ? await ArchiveLog.ReserveAsync(_environment, server, cancellationToken) : null;
            _environment.Reporter.Phase("base", examined.Bytes);
            outcome = await StreamAsync(
                tools, server, backupId, parent is null ? null : bases.ManifestOf(parent.BackupId), CanBeParent(examined) ? bases : null, staging, objects, cancellationToken);
            var consistentAt = _environment.Time.GetUtcNow() + examined.ClockAhead;
            if (log is not null)
            {
                _environment.Reporter.Phase("log");
                await log.SecureAsync(outcome, examined.Identity.SystemIdentifier!, recipients, signingKey, cancellationToken);
            }

            _environment.Reporter.Phase("manifest");
            manifest = new Manifest
            {
                Format = Manifest.CurrentFormat,
                Cluster = settings.ClusterName,
                BackupId = backupId,
                Kind = parent is null ? BackupKind.Base : BackupKind.Incremental,
                Database = string.Empty,
                Base = Describe(serverName, examined, outcome),
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
                Parents = parent?.Chain ?? [],
                Archive = archive,
            };
            document = ManifestCodec.Write(manifest, signingKey);
            var publisher = new ManifestPublisher(session, settings.ClusterName, _stateFolder);
            await publisher.PublishAsync(manifest, document, signingKey, cancellationToken);
        }
        catch
        {
            File.Delete(bases.ManifestOf(backupId));
            await new BackupWithdrawal(targets, _environment.Loggers.CreateLogger<BackupWithdrawal>()).RunAsync(settings.ClusterName, backupId);
            throw;
        }

        if (CanBeParent(examined))
        {
            await RememberAsync(bases, manifest, cancellationToken);
        }

        var completed = await new BackupCompletion(_environment, session, targets, chain).RunAsync(manifest, document, signingKey, cancellationToken);
        return new BaseBackupResult
        {
            BackupId = backupId,
            Server = serverName,
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
            ParentId = parent?.BackupId,
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
        Tablespaces = [.. outcome.Tablespaces.Keys.Order().Select(oid => examined.Tablespaces.FirstOrDefault(known => known.Oid == oid)?.Name ?? oid.ToString(CultureInfo.InvariantCulture))],
    };

    /// <summary>Whether the next backup may be incremental to one of this server.</summary>
    private static bool CanBeParent(BaseBackupServer examined) => examined is { SummarizesWal: true, Tablespaces: [] };

    private async Task<BaseBackupOutcome> StreamAsync(
        PgTools tools, ServerConnection server, string backupId, string? parent, LastBaseStore? bases, string? staging, BackupObjects objects, CancellationToken cancellationToken)
    {
        await using var manifest = bases?.Create(backupId) ?? Stream.Null;
        await using var packer = new BasePacker(objects, _environment.Reporter, Environment.ProcessorCount, manifest, cancellationToken);
        var label = $"pgdr {backupId}";
        var outcome = staging is null
            ? await BaseBackupStream.RunAsync(tools, server, label, parent, packer, _environment.Reporter.Warn, cancellationToken)
            : await BaseBackupFolder.RunAsync(tools, server, label, staging, packer, _environment.Reporter.Warn, cancellationToken);
        var contents = await packer.FinishAsync(outcome.Tablespaces);
        await using var stored = await objects.CreateAsync(ObjectNames.Contents, "contents", cancellationToken);
        await BaseContentsCodec.WriteAsync(contents, stored.AsStream(), cancellationToken);
        await stored.CompleteAsync(cancellationToken);
        return outcome;
    }

    /// <summary>The backup is good without it: then the next one is a whole one.</summary>
    private async Task RememberAsync(LastBaseStore bases, Manifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            var facts = manifest.Base!;
            await bases.WriteAsync(
                new LastBase(manifest.BackupId, manifest.Parents, manifest.Server.SystemIdentifier!, facts.Timeline, facts.StartLsn, ManifestSha256: string.Empty), cancellationToken);
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            _environment.Reporter.Warn($"The list of files of backup {manifest.BackupId} could not be kept, so the next incremental backup is a whole one: {JobFolders.Explain(_environment.Settings.RunStorePath, "RUN_STORE_PATH", e).Message}");
        }
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
