using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Recovery;

/// <summary>The log from a base backup along its timelines to the end, looked at before the first byte is fetched.</summary>
internal static class LogPath
{
    /// <param name="log">Of the server.</param>
    /// <param name="backup">The base backup.</param>
    /// <param name="timeline">The one to follow; null: the newest.</param>
    /// <param name="toTheEnd">Log behind a hole is log that would be lost: an error. Otherwise the target may lie before the hole.</param>
    /// <returns>Where the log ends, bytes.</returns>
    /// <exception cref="PgdrException">wal.missing: there is a hole on the way to the last timeline, or before the backup is consistent.</exception>
    public static ulong EndFrom(StoredLog log, BaseFacts backup, int? timeline, bool toTheEnd)
    {
        var position = Lsn.Parse(backup.StartLsn);
        var last = timeline ?? log.NewestEpoch.Timeline;
        var switches = log.NewestEpoch.Ancestors.Where(ancestor => ancestor.Timeline >= backup.Timeline && ancestor.Timeline < last).ToList();
        if (last != backup.Timeline && (switches.Count == 0 || switches[0].Timeline != backup.Timeline))
        {
            throw new PgdrException(
                ErrorCodes.WalMissing, $"Timeline {last} does not descend from timeline {backup.Timeline}, which the base backup is on: name a base backup or a timeline of its line.");
        }

        foreach (var (leg, until) in switches.Select(ancestor => (ancestor.Timeline, Until: Lsn.Parse(ancestor.EndLsn))).Append((last, ulong.MaxValue)))
        {
            var range = log.Find(leg, position)
                ?? throw (log.Expired.Spans.Holds(leg, position, position) ? Expired(position, leg) : new PgdrException(ErrorCodes.WalMissing, $"Storage has no log at {Lsn.Format(position)} of timeline {leg}, which the recovery needs: take another base backup, or bring the target back that has it."));
            var isLast = until == ulong.MaxValue;
            if (isLast ? toTheEnd && log.LastSegments[leg] >= range.End : range.End < until)
            {
                throw log.Expired.Spans.Holds(leg, range.End, range.End) ? Expired(range.End, leg) : IsLost(log, leg, range.End) ? Lost(log, leg, range.End) : Hole(range.End, leg);
            }

            if (isLast && toTheEnd && log.ArchivedTo.GetValueOrDefault(leg) > range.End)
            {
                throw log.Expired.Spans.Holds(leg, range.End, range.End) ? Expired(range.End, leg) : Lost(log, leg, range.End);
            }

            position = isLast ? range.End : until;
        }

        return position >= Lsn.Parse(backup.StopLsn) ? position : throw Hole(position, last);
    }

    /// <summary>Nothing that is left lies behind it.</summary>
    private static bool IsLost(StoredLog log, int timeline, ulong end) =>
        log.ArchivedTo.GetValueOrDefault(timeline) > end && !log.Ranges.Any(range => range.Timeline == timeline && range.Start >= end);

    /// <summary>Log that goes on from a position was deleted on purpose: it is no hole that anybody could mend.</summary>
    public static PgdrException Expired(ulong at, int timeline) => new(
        ErrorCodes.WalMissing, $"Retention has let the log go from {Lsn.Format(at)} of timeline {timeline} on, since no base backup that stays needs it: that is the newest point that can be reached from this base backup.");

    private static PgdrException Lost(StoredLog log, int timeline, ulong end) => new(
        ErrorCodes.WalMissing,
        $"The end of the log was taken away: a signed inventory says that it was archived up to {Lsn.Format(log.ArchivedTo[timeline])} of timeline {timeline}, and no target has it behind {Lsn.Format(end)}, "
        + $"the newest point that can be reached; recover to it with --lsn {Lsn.Format(end)}.{string.Concat(log.Away.Select(away => $" Or bring back a target that may have it: {away}"))}");

    private static PgdrException Hole(ulong at, int timeline) => new(
        ErrorCodes.WalMissing, $"The log has a hole at {Lsn.Format(at)} of timeline {timeline}: that is the newest point that can be reached from this base backup; recover to it with --lsn, or from a base backup behind the hole.");
}
