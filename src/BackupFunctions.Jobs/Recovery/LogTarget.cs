using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Recovery;

namespace BackupFunctions.Jobs.Recovery;

/// <summary>How far the log goes that leads to a target, and what is known of its end.</summary>
/// <param name="End">Behind its last byte without a hole, a position.</param>
/// <param name="Covered">Up to when that log is known to be complete; null: no inventory says.</param>
/// <param name="MayBeBehind">The target may lie behind the last transaction: what it needs is known to lie before the end.</param>
internal sealed record LogTarget(ulong End, CoveredTime? Covered, bool MayBeBehind)
{
    /// <param name="log">Of the server.</param>
    /// <param name="backup">The base backup.</param>
    /// <param name="parameters">What was asked for.</param>
    /// <param name="warn">Learns of inventories that cannot be believed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PgdrException">wal.missing, backup.unknown: the target cannot be reached; the window or the newest point is named.</exception>
    public static async Task<LogTarget> FindAsync(
        StoredLog log, Manifest backup, RecoverServerParameters parameters, Action<string> warn, CancellationToken cancellationToken)
    {
        ArchivePoint.Require(log, backup, parameters);
        var end = LogPath.EndFrom(log, backup.Base!, parameters.Timeline, RecoveryTargets.Of(parameters).Kind == RecoveryTargetKind.Latest);
        foreach (var doubt in log.Doubts)
        {
            warn(doubt);
        }

        var covered = await log.CoverageAsync(parameters.Timeline ?? log.NewestEpoch.Timeline, end, cancellationToken);
        RequireNotExpired(log, end, parameters);
        RecoveryWindowCheck.Require(parameters, backup, log, end, covered);
        return new LogTarget(end, covered, parameters.TargetLsn is not null || parameters.TargetTime <= covered?.CompleteUntil);
    }

    /// <summary>Log ends where retention let the rest go, and the target lies behind that by its time: said before the first byte is fetched.</summary>
    private static void RequireNotExpired(StoredLog log, ulong end, RecoverServerParameters parameters)
    {
        var timeline = parameters.Timeline ?? log.NewestEpoch.Timeline;
        if (log.Expired.Spans.Holds(timeline, end, end) && (Lsn.TryParse(parameters.TargetLsn, out var lsn) ? lsn > end : parameters.TargetTime > log.Find(timeline, end)?.LastAt))
        {
            throw LogPath.Expired(end, timeline);
        }
    }
}
