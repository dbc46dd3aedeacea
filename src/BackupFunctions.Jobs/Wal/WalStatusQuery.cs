using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Jobs.Wal.Gaps;
using BackupFunctions.Postgres.Replication;

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
        var statuses = new List<WalServerStatus>();
        foreach (var id in stored)
        {
            servers.TryGetValue(id, out var server);
            try
            {
                var log = await StoredLog.ReadAsync(settings.ClusterName, id, targets, settings.RequiredCopies, keys, cancellationToken);
                problems.AddRange(log.Away);
                problems.AddRange(Problems(log));
                statuses.Add(Status(log, server.Name, server.System));
            }
            catch (PgdrException e)
            {
                problems.Add(e.Message);
            }
        }

        return new WalStatusReport(statuses, [.. problems.Distinct(StringComparer.Ordinal)]);
    }

    private static IEnumerable<string> Problems(StoredLog log)
    {
        foreach (var gap in log.Gaps)
        {
            yield return $"GAP: server {log.SystemIdentifier}: {GapSentences.Of(gap)}";
        }

        foreach (var (before, after) in log.Ranges.Zip(log.Ranges.Skip(1)).Where(pair => pair.First.Timeline == pair.Second.Timeline))
        {
            if (log.Gaps.Any(gap => gap.FromTimeline == before.Timeline && Lsn.Parse(gap.FromLsn) == before.End && Lsn.Parse(gap.ToLsn) == after.Start))
            {
                // Told already, with its cause.
                continue;
            }

            yield return $"GAP: server {log.SystemIdentifier} has no log from {Lsn.Format(before.End)} to {Lsn.Format(after.Start)} of timeline {before.Timeline}: no point in it can be recovered, and none behind it without a base backup behind it.";
        }

        if (log.UnderCopied > 0)
        {
            yield return $"{log.UnderCopied} segments of server {log.SystemIdentifier} are on fewer targets than required.";
        }
    }

    private WalServerStatus Status(StoredLog log, string? name, ReplicationSystem? system)
    {
        var status = new WalServerStatus
        {
            SystemIdentifier = log.SystemIdentifier,
            Name = name,
            Gaps = log.Gaps,
            Ranges = [.. log.Ranges.Select(range => new WalRangeStatus(range.Timeline, Lsn.Format(range.Start), Lsn.Format(range.End), range.Segments, range.FirstAt, range.LastAt))],
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
