using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Restore.Physical;
using BackupFunctions.Jobs.Restore.Physical.Tablespaces;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Jobs.Wal;
using BackupFunctions.Postgres.Files;
using BackupFunctions.Postgres.Recovery;
using BackupFunctions.Postgres.Tools;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Recovery;

/// <summary>
/// Brings a server's files back to a point: base backup into a new data directory, log replayed in isolation, what was reached proven, then
/// promoted and stopped. Nothing of it goes live, and nothing of the server's own slots, archive and subscriptions is touched.
/// </summary>
public sealed class RecoverServerJob
{
    private readonly JobEnvironment _environment;
    private readonly BackupReader _reader;

    /// <param name="environment">What every job works with.</param>
    /// <param name="reader">Storage and keys, from the settings or from a recovery file.</param>
    public RecoverServerJob(JobEnvironment environment, BackupReader reader) => (_environment, _reader) = (environment, reader);

    /// <exception cref="PgdrException">
    /// backup.unknown, wal.missing: the target cannot be reached, the nearest point that can is named; database.exists: the directory holds
    /// something; tool.*: the server's programs are missing, or it stopped.
    /// </exception>
    public async Task<RecoverServerResult> RunAsync(RecoverServerParameters parameters, CancellationToken cancellationToken)
    {
        _environment.Reporter.Phase("select");
        var target = RecoveryTargets.Of(parameters);
        var manifest = await ChooseAsync(parameters, cancellationToken);
        if (parameters is { Immediate: true, Timeline: null })
        {
            // The newest one may have left it long ago, with log that is gone.
            parameters = parameters with { Timeline = manifest.Base!.StopTimeline };
        }

        var tools = await ServerPrograms.FindAsync(_environment.Settings, manifest, cancellationToken);

        // In the folder for temporary files: the path of a socket has 107 bytes at most.
        using var folder = PrivateFolder.Create(Path.GetTempPath(), "pgdr-recovery-");
        await using var log = await OpenLogAsync(manifest, folder.Path, cancellationToken);
        await using var lease = ReadLease.Take(
            _reader.Targets, _reader.Cluster, manifest.BackupId, Path.GetFileName(folder.Path), _environment.Time, _environment.Loggers.CreateLogger<ReadLease>());
        var way = await RecoveryWindowCheck.NameWindowsAsync(
            _reader, parameters.Server, log.Log, () => LogTarget.FindAsync(log.Log, manifest, parameters, _environment.Reporter.Warn, cancellationToken), cancellationToken);
        if (way.MayBeBehind || target.Kind == RecoveryTargetKind.Immediate)
        {
            // A server reads ahead of what it replays: log behind a base that retention keeps for itself may be gone.
            log.MayEndAt(way.End);
        }

        var restored = parameters.Delta
            ? await PhysicalRestore.RunDeltaAsync(_environment, _reader, manifest.BackupId, parameters.DataDirectory, cancellationToken)
            : await PhysicalRestore.RunAsync(_environment, _reader, manifest.BackupId, parameters.DataDirectory, new TablespaceMapping { Moved = parameters.TablespaceMap }, cancellationToken);
        _environment.Reporter.Phase("recover");
        var counted = new CountingWalSource(log.Source);
        var reached = await RecoverAsync(parameters, restored.Tablespaces, target, tools, folder.Path, counted, way, cancellationToken);
        return new RecoverServerResult
        {
            Server = parameters.Server,
            BackupId = manifest.BackupId,
            DataDirectory = Path.GetFullPath(parameters.DataDirectory),
            Tablespaces = restored.Tablespaces,
            SystemIdentifier = manifest.Server.SystemIdentifier!,
            Target = target.ToString(),
            ReachedLsn = Lsn.Format(reached.ReachedLsn),
            Timeline = reached.Timeline,
            LastCommitAt = reached.LastCommitAt,
            CompleteUntil = reached.IsBehindEnd && parameters.TargetTime is not null ? way.Covered?.CompleteUntil : null,
            BaseSize = restored.Downloaded + restored.Reused,
            LogFiles = counted.Files,
            Failovers = restored.Failovers,
        };
    }

    private async Task<Manifest> ChooseAsync(RecoverServerParameters parameters, CancellationToken cancellationToken)
    {
        try
        {
            return await BaseChooser.ChooseAsync(_reader.Catalog, parameters, _environment.Reporter.Warn, cancellationToken);
        }
        catch (PgdrException e) when (e.Code == ErrorCodes.BackupUnknown && parameters.BackupId is null
            && (parameters.TargetTime is not null || parameters.TargetLsn is not null))
        {
            var windows = await RecoveryWindowCheck.DescribeAsync(_reader, parameters.Server, cancellationToken);
            throw windows is null ? e : new PgdrException(e.Code, $"{e.Message} {windows}", e);
        }
    }

    private async Task<RecoveryOutcome> RecoverAsync(
        RecoverServerParameters parameters,
        IReadOnlyList<string> tablespaces,
        RecoveryTarget target,
        PgTools tools,
        string folder,
        CountingWalSource source,
        LogTarget way,
        CancellationToken cancellationToken)
    {
        var request = new RecoveryRequest
        {
            DataFolder = Path.GetFullPath(parameters.DataDirectory),
            TablespaceFolders = tablespaces,
            WorkFolder = folder,
            Binaries = tools.BinariesFolder,
            Username = _environment.Settings.Servers.FirstOrDefault(server => string.Equals(server.Name, parameters.Server, StringComparison.Ordinal))?.Username ?? "postgres",
            Target = target,
            Timeline = parameters.Timeline,
            Log = source,
            EndOfLog = way.End,
            EndIsTarget = way.MayBeBehind,
        };
        RecoveryOutcome reached;
        await using (var recovery = await PointInTimeRecovery.StartAsync(request, cancellationToken))
        {
            reached = await recovery.ReachAsync(_environment.Time, replayed => _environment.Reporter.Detail($"replayed up to {Lsn.Format(replayed)}"), cancellationToken);
            if (!reached.IsBehindEnd)
            {
                await recovery.PromoteAsync(_environment.Time, cancellationToken);
                return reached;
            }
        }

        await PointInTimeRecovery.PromoteAtEndAsync(request, reached, _environment.Time, cancellationToken);
        return reached;
    }

    private Task<LogReader> OpenLogAsync(Manifest manifest, string folder, CancellationToken cancellationToken) => LogReader.OpenAsync(
        _reader.Cluster, manifest.Server.SystemIdentifier, _reader.Targets, _reader.VerificationKeys, _reader.PrivateKeys, folder, WalStorageSource.DefaultAhead,
        toTheEnd: false, _environment.Loggers, cancellationToken);
}
