using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Catalog.Wal.Windows;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Jobs.Wal.Gaps;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Wal;

/// <summary>
/// The archived log beside the servers themselves. How far behind it is comes from the server's position and from what the required number
/// of targets hold, never from a counter of the receiver.
/// </summary>
public sealed class WalStatusQuery(JobEnvironment environment)
{
    public async Task<WalStatusReport> RunAsync(CancellationToken cancellationToken)
    {
        var settings = environment.Settings;
        var targets = environment.OpenTargets();
        var keys = KeyLoader.Verification(settings.Keys);
        var problems = new List<string>();
        var servers = await SystemsAsync(problems, cancellationToken);
        var stored = await new WalEpochs(settings.ClusterName, targets, keys).ServersAsync(cancellationToken);
        var bases = stored.Count == 0 ? [] : await BaseManifests.ReadAsync(new StorageCatalog(settings.ClusterName, targets, keys), cancellationToken);
        var statuses = new List<WalServerStatus>();
        foreach (var id in stored)
        {
            servers.TryGetValue(id, out var server);
            try
            {
                var log = await StoredLog.ReadAsync(settings.ClusterName, id, targets, settings.RequiredCopies, keys, cancellationToken);
                problems.AddRange(log.Away);
                var islands = ArchiveIslands.Of(log, bases);
                var expected = LogExpectedSince(server.Name);
                problems.AddRange(Problems(log, islands, expected));
                var windows = await RecoveryWindows.OfAsync(log, bases, cancellationToken);
                statuses.Add(Status(log, LogHole.Of(log).Where(hole => !islands.Explains(hole, expected)), server.Name, server.System) with { Windows = [.. windows.Select(Window)] });
            }
            catch (PgdrException e)
            {
                problems.Add(e.Message);
            }
        }

        return new WalStatusReport(statuses, [.. problems.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>In the recovery window no log may be missing, except where none is archived but that of archives.</summary>
    private DateTimeOffset LogExpectedSince(string? server) =>
        environment.Settings.Servers.FirstOrDefault(known => string.Equals(known.Name, server, StringComparison.Ordinal)) is { Wal: WalMode.Off }
            ? DateTimeOffset.MaxValue
            : environment.Time.GetUtcNow() - environment.Settings.Retention.Policy.RecoveryWindow;

    private static IEnumerable<string> Problems(StoredLog log, ArchiveIslands islands, DateTimeOffset expected)
    {
        foreach (var gap in log.Gaps.Where(gap => !islands.Explains(gap, expected)))
        {
            yield return $"GAP: server {log.SystemIdentifier}: {GapSentences.Of(gap)}";
        }

        foreach (var hole in LogHole.Of(log).Where(hole => !islands.Explains(hole, expected) && !log.Gaps.Any(hole.IsOf)))
        {
            yield return hole.Describe(log.SystemIdentifier);
        }

        foreach (var archive in islands.Stranded)
        {
            yield return $"Archive {archive.BackupId} cannot be started: the log that it needs, {archive.Base!.StartLsn} to {archive.Base.StopLsn} of timeline {archive.Base.Timeline}, "
                + "is not on the required number of targets; bring the targets back that have it, or take another archive.";
        }

        foreach (var doubt in log.Doubts)
        {
            yield return doubt;
        }

        if (log.UnderCopied > 0)
        {
            yield return $"{log.UnderCopied} segments of server {log.SystemIdentifier} are on fewer targets than required.";
        }
    }

    private static WalWindowStatus Window(RecoveryWindow window) => new(
        window.Timeline, window.BackupId, Lsn.Format(window.EarliestLsn), window.EarliestAt, Lsn.Format(window.LatestLsn), window.LatestAt) { Archive = window.IsArchive };

    private WalServerStatus Status(StoredLog log, IEnumerable<LogHole> holes, string? name, ReplicationSystem? system)
    {
        var status = new WalServerStatus
        {
            SystemIdentifier = log.SystemIdentifier,
            Name = name,
            Gaps = log.Gaps,
            Ranges = [.. log.Ranges.Select(range => new WalRangeStatus(range.Timeline, Lsn.Format(range.Start), Lsn.Format(range.End), range.Segments, range.FirstAt, range.LastAt))],
            Holes = [.. holes.Select(hole => new WalHoleStatus(hole.Timeline, Lsn.Format(hole.From), Lsn.Format(hole.To), hole.IsEnd))],
        };
        if (system is null)
        {
            return status;
        }

        var last = log.Ranges.LastOrDefault(range => range.Timeline == system.Timeline);
        var behind = last is null ? system.FlushedLsn : system.FlushedLsn - Math.Min(system.FlushedLsn, last.End);
        return status with
        {
            ServerLsn = Lsn.Format(system.FlushedLsn),
            BehindBytes = (long)behind,
            BehindSeconds = behind == 0 ? 0 : last is null ? null : Math.Max(0, Math.Round((environment.Time.GetUtcNow() - last.LastAt).TotalSeconds, 1)),
        };
    }

    /// <summary>Configured servers by their system identifier; one that does not answer is a problem, not the end.</summary>
    private async Task<Dictionary<string, (string Name, ReplicationSystem System)>> SystemsAsync(List<string> problems, CancellationToken cancellationToken)
    {
        var systems = new Dictionary<string, (string, ReplicationSystem)>(StringComparer.Ordinal);
        foreach (var server in environment.Settings.Servers)
        {
            try
            {
                await using var receiver = await WalReceiver.OpenAsync(ServerConnections.Named(environment.Settings, server.Name), cancellationToken);
                var system = await receiver.IdentifyAsync(cancellationToken);
                systems[system.SystemIdentifier] = (server.Name, system);
            }
            catch (PgdrException e)
            {
                problems.Add(e.Message);
            }
        }

        return systems;
    }
}
