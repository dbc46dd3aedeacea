using System.Globalization;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
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

namespace BackupFunctions.Jobs.BaseBackup;

/// <summary>
/// A base backup of a whole server in one pass: the stream of pg_basebackup is compressed, encrypted and sent to all targets while it is
/// read; the manifest comes last, then every copy is read back. The log that it needs is archived by
/// <see cref="Wal.ReceiveWalJob"/>; of an archive it is safe before the manifest is written.
/// </summary>
/// <param name="environment">What every job works with.</param>
/// <param name="stateFolder">The run's own folder: the manifest is kept there before any target gets it.</param>
public sealed class BaseBackupJob(JobEnvironment environment, string stateFolder)
{
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
        var settings = environment.Settings;
        environment.Reporter.Phase("prepare");

        // Everything that can be wrong beforehand is found before the first byte is written.
        var server = ServerConnections.Named(settings, serverName);
        using var keys = BackupWriterKeys.Load(settings.Keys);
        var chain = ManifestChain.OfServer(settings.RunStorePath, settings.ClusterName, serverName);
        var bases = new LastBaseStore(settings.RunStorePath, settings.ClusterName, serverName);
        var examined = await BaseBackupServer.ExamineAsync(server, environment.Time, cancellationToken);
        var tools = await (await PgTools.FindAsync(examined.Major, settings.PostgresBinaries, cancellationToken))
            .RequireAsync(PgTools.PgBaseBackupName, cancellationToken);
        var staging = BaseStaging.Prepare(settings, server, examined, parent is not null, environment.Reporter.Warn);
        environment.Reporter.WarnAll(tools.SecurityWarnings);
        WarnWithoutChecksums(server, examined);

        await using var attempt = new BackupAttempt(environment, keys, chain, environment.OpenTargets());
        PublishedBackup published;
        BaseBackupOutcome outcome;
        try
        {
            await using var log = archive ? await ArchiveLog.ReserveAsync(environment, server, cancellationToken) : null;
            environment.Reporter.Phase("base", examined.Bytes);
            outcome = await StreamAsync(
                tools, server, attempt, parent is null ? null : bases.ManifestOf(parent.BackupId), CanBeParent(examined) ? bases : null, staging, cancellationToken);
            var consistentAt = environment.Time.GetUtcNow() + examined.ClockAhead;
            if (log is not null)
            {
                environment.Reporter.Phase("log");
                await log.SecureAsync(outcome, examined.Identity.SystemIdentifier!, keys.Recipients, keys.Signing, cancellationToken);
            }

            var identity = examined.Identity with { Timeline = outcome.Label.Timeline, Lsn = Lsn.Format(outcome.Label.StartLsn) };
            var version = new Dictionary<string, string>(StringComparer.Ordinal) { [PgTools.PgBaseBackupName] = tools.Versions[PgTools.PgBaseBackupName] };
            var manifest = attempt.Describe(parent is null ? BackupKind.Base : BackupKind.Incremental, identity, consistentAt, version) with
            {
                Base = Describe(serverName, examined, outcome),
                Parents = parent?.Chain ?? [],
                Archive = archive,
            };
            published = await attempt.PublishAsync(manifest, stateFolder, cancellationToken);
        }
        catch
        {
            File.Delete(bases.ManifestOf(attempt.Id));
            throw;
        }

        if (CanBeParent(examined))
        {
            await RememberAsync(bases, published.Manifest, cancellationToken);
        }

        var completed = await attempt.CompleteAsync(published, cancellationToken);
        return new BaseBackupResult
        {
            BackupId = attempt.Id,
            Server = serverName,
            Status = completed.Status,
            StatusReason = completed.StatusReason,
            Copies = completed.Copies,
            PlainSize = published.Manifest.PlainSize,
            StoredSize = published.Manifest.StoredSize,
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
        PgTools tools, ServerConnection server, BackupAttempt attempt, string? parent, LastBaseStore? bases, string? staging, CancellationToken cancellationToken)
    {
        await using var manifest = bases?.Create(attempt.Id) ?? Stream.Null;
        await using var packer = new BasePacker(attempt.Objects, environment.Reporter, Environment.ProcessorCount, manifest, cancellationToken);
        var label = $"pgdr {attempt.Id}";
        var outcome = staging is null
            ? await BaseBackupStream.RunAsync(tools, server, label, parent, packer, environment.Reporter.Warn, cancellationToken)
            : await BaseBackupFolder.RunAsync(tools, server, label, staging, packer, environment.Reporter.Warn, cancellationToken);
        var contents = await packer.FinishAsync(outcome.Tablespaces);
        await attempt.Objects.WriteContentsAsync(stream => BaseContentsCodec.WriteAsync(contents, stream, cancellationToken), cancellationToken);
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
            environment.Reporter.Warn($"The list of files of backup {manifest.BackupId} could not be kept, so the next incremental backup is a whole one: {JobFolders.Explain(environment.Settings.RunStorePath, "RUN_STORE_PATH", e).Message}");
        }
    }

    private void WarnWithoutChecksums(ServerConnection server, BaseBackupServer examined)
    {
        if (!examined.DataChecksums)
        {
            environment.Reporter.Warn(
                $"Server '{server.Name}' has no data checksums, so damage on its disk goes into the backup unnoticed: stop it and run pg_checksums --enable.");
        }
    }
}
