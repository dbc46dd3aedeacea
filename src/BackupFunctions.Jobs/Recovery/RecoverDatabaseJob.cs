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
/// Steps 2 and 3 of the runbook when a point of the log is recovered: base backup with failover, log replayed by an isolated server, what was
/// reached proven, and the one database dumped from it to where <see cref="FetchBackupJob"/> would have put it, with the same counts and digests.
/// Started again it goes on with the download, and with a server that had reached its point; one that was interrupted while it replayed begins
/// again from the base backup.
/// </summary>
public sealed class RecoverDatabaseJob
{
    private const string FolderPrefix = "pgdr-recovery-";

    private readonly JobEnvironment _environment;
    private readonly BackupReader _reader;

    /// <param name="environment">What every job works with.</param>
    /// <param name="reader">Storage and keys, from the settings or from a recovery file.</param>
    public RecoverDatabaseJob(JobEnvironment environment, BackupReader reader) => (_environment, _reader) = (environment, reader);

    /// <exception cref="PgdrException">As those of <see cref="RecoverServerJob"/>; database.unknown: it did not exist at that point.</exception>
    public Task<FetchBackupResult> RunAsync(RecoverDatabaseParameters parameters, CancellationToken cancellationToken) =>
        WorkspaceRun.RunAsync(_environment, parameters.RestoreId, workspace => RunAsync(workspace, parameters, cancellationToken));

    private async Task<FetchBackupResult> RunAsync(RestoreWorkspace workspace, RecoverDatabaseParameters parameters, CancellationToken cancellationToken)
    {
        var stored = await _reader.Catalog.FindAsync(parameters.BackupId, cancellationToken)
            ?? throw new PgdrException(ErrorCodes.BackupUnknown, $"No target holds backup {parameters.BackupId} any more: choose another.");
        await using var lease = ReadLease.Take(
            _reader.Targets, _reader.Cluster, parameters.BackupId, parameters.RestoreId, _environment.Time, _environment.Loggers.CreateLogger<ReadLease>());
        workspace.Create(stored.Document);
        await OrphanedServer.EndAsync(workspace.Server.DataFolder, _environment.Time, cancellationToken);
        if (workspace.ReadDumped() is not { } result)
        {
            var manifest = stored.Manifest;
            var tools = await ServerPrograms.FindAsync(_environment.Settings, manifest, cancellationToken);
            var restored = await RestoreAsync(workspace, parameters, manifest, cancellationToken);
            result = await RecoverAsync(workspace, parameters, manifest, tools, cancellationToken) with
            {
                Downloaded = restored?.Downloaded ?? 0,
                Reused = restored?.Reused ?? manifest.StoredSize,
                Targets = restored?.Targets ?? new Dictionary<string, long>(StringComparer.Ordinal),
                Failovers = restored?.Failovers ?? [],
            };
            workspace.MarkDumped(result);
        }

        workspace.DeleteServer();
        return result;
    }

    /// <returns>Null: an earlier run has brought it.</returns>
    private async Task<PhysicalRestoreResult?> RestoreAsync(
        RestoreWorkspace workspace, RecoverDatabaseParameters parameters, Manifest manifest, CancellationToken cancellationToken)
    {
        var files = workspace.Server;
        if (files.Read().Stage == ServerStage.Recovering)
        {
            _environment.Reporter.Warn("The replay of log was interrupted: it began again from the base backup.");
            workspace.DeleteServer();
        }

        await workspace.OpenToServerAsync(_environment.Settings.WorkPath, cancellationToken);
        if (files.Read().Stage == ServerStage.Absent)
        {
            return await PhysicalRestore.RunAsync(_environment, _reader.InOrder(parameters.Order), manifest.BackupId, files.DataFolder, new TablespaceMapping { Folder = files.TablespacesFolder }, cancellationToken);
        }

        _environment.Reporter.Phase(JobPhases.Download, manifest.StoredSize);
        _environment.Reporter.AddBytes(manifest.StoredSize);
        return null;
    }

    private async Task<FetchBackupResult> RecoverAsync(
        RestoreWorkspace workspace, RecoverDatabaseParameters parameters, Manifest manifest, PgTools tools, CancellationToken cancellationToken)
    {
        // In the folder for temporary files: the path of a socket has 107 bytes at most.
        PrivateFolder.SweepStale(Path.GetTempPath(), FolderPrefix);
        using var folder = PrivateFolder.Create(Path.GetTempPath(), FolderPrefix);
        await using var log = await LogReader.OpenAsync(
            _reader.Cluster, PointSelection.SystemOf(manifest), _reader.Targets, _reader.VerificationKeys, _reader.PrivateKeys, folder.Path, WalStorageSource.DefaultAhead,
            toTheEnd: false, _environment.Loggers, cancellationToken);
        var counted = new CountingWalSource(log.Source);
        var (stage, reached) = workspace.Server.Read();
        var wanted = PointSelection.Wanted(parameters.Path.Server, parameters.Path.Point, parameters.Path.Timeline);
        var target = RecoveryTargets.Of(wanted);
        var way = await LogTarget.FindAsync(log.Log, manifest, wanted, _environment.Reporter.Warn, cancellationToken);
        if (way.MayBeBehind)
        {
            log.MayEndAt(way.End);
        }

        _environment.Reporter.Phase("recover", target.Kind == RecoveryTargetKind.Time ? null : (long)(way.End - Lsn.Parse(manifest.Base!.StartLsn)));
        if (stage != ServerStage.Promoted)
        {
            workspace.Server.Write(ServerStage.Recovering);
        }

        var request = new RecoveryRequest
        {
            DataFolder = workspace.Server.DataFolder,
            TablespaceFolders = Directory.Exists(workspace.Server.TablespacesFolder) ? [workspace.Server.TablespacesFolder] : [],
            WorkFolder = folder.Path,
            Binaries = tools.BinariesFolder,
            Username = _environment.Settings.Servers.FirstOrDefault(known => string.Equals(known.Name, parameters.Path.Server, StringComparison.Ordinal))?.Username ?? "postgres",
            Target = target,
            Timeline = wanted.Timeline,
            Log = counted,
            IsTemporary = true,
            IsPromoted = stage == ServerStage.Promoted,
            EndOfLog = way.End,
            EndIsTarget = way.MayBeBehind,
        };
        var (outcome, server) = reached is null
            ? await PromoteAsync(request, manifest, cancellationToken)
            : (null, await PointInTimeRecovery.StartAsync(request, cancellationToken));
        await using var running = server;
        await server.ReadyAsync(_environment.Time, cancellationToken);
        if (reached is null)
        {
            reached = Describe(outcome!, way, target, parameters, manifest, counted.Files);
            workspace.Server.Write(ServerStage.Promoted, reached);
        }

        var size = await new RecoveredDump(_environment, workspace)
            .RunAsync(await server.SuperuserAsync(cancellationToken), tools, parameters.Database, reached, cancellationToken);
        return new FetchBackupResult(Downloaded: 0, Reused: 0, size, new Dictionary<string, long>(StringComparer.Ordinal), []) { Point = reached };
    }

    /// <returns>What was reached, and the server, promoted and running.</returns>
    private async Task<(RecoveryOutcome? Reached, PointInTimeRecovery Server)> PromoteAsync(RecoveryRequest request, Manifest manifest, CancellationToken cancellationToken)
    {
        var start = Lsn.Parse(manifest.Base!.StartLsn);
        var server = await PointInTimeRecovery.StartAsync(request, cancellationToken);
        RecoveryOutcome reached;
        try
        {
            reached = await server.ReachAsync(
                _environment.Time,
                replayed =>
                {
                    _environment.Reporter.Bytes(replayed > start ? (long)(replayed - start) : 0);
                    _environment.Reporter.Detail($"replayed up to {Lsn.Format(replayed)}");
                },
                cancellationToken);
            if (!reached.IsBehindEnd)
            {
                await server.PromoteAsync(_environment.Time, cancellationToken);
                return (reached, server);
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        await server.DisposeAsync();
        await PointInTimeRecovery.PromoteAtEndAsync(request, reached, _environment.Time, cancellationToken);
        return (reached, await PointInTimeRecovery.StartAsync(request with { IsPromoted = true }, cancellationToken));
    }

    /// <summary>Up to when everything is there: the time asked for, or what is proven of the end of the log.</summary>
    private static DateTimeOffset CompleteUntil(RecoveryOutcome reached, LogTarget way, RecoveryTarget target, Manifest manifest)
    {
        DateTimeOffset?[] known = [manifest.SnapshotAt, reached.LastCommitAt, target.Kind == RecoveryTargetKind.Latest ? way.Covered?.CompleteUntil : null];
        return known.Max()!.Value;
    }

    private static RecoveredPoint Describe(
        RecoveryOutcome reached, LogTarget way, RecoveryTarget target, RecoverDatabaseParameters parameters, Manifest manifest, int files) => new()
    {
        Target = target.ToString(),
        At = parameters.Path.Point.Time ?? CompleteUntil(reached, way, target, manifest),
        Lsn = Lsn.Format(reached.ReachedLsn),
        Timeline = reached.Timeline,
        LastCommitAt = reached.LastCommitAt,
        LogFiles = files,
    };
}
