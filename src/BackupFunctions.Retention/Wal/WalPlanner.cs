using BackupFunctions.Contracts.Logs;
using BackupFunctions.Retention.Gates;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Wal;

/// <summary>Decides over write-ahead log, after the bases have been decided: by stretches, so that it does not matter how many objects there are.</summary>
internal sealed class WalPlanner(PlanContext context, UnknownGate unknown, DecidedCopies decided)
{
    private const int DefaultSegmentSize = 16 << 20;

    public IEnumerable<WalPlan> Plan()
    {
        var log = context.State.Wal.ToLookup(wal => wal.SystemId, StringComparer.Ordinal);
        var epochs = context.State.Epochs.ToLookup(epoch => epoch.SystemId, StringComparer.Ordinal);
        return log.Select(server => server.Key).Union(epochs.Select(server => server.Key), StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(system => Plan(system, [.. log[system]], [.. epochs[system]]));
    }

    private WalPlan Plan(string system, List<KnownWal> log, List<KnownEpoch> epochs)
    {
        var segmentSize = epochs.Select(epoch => epoch.SegmentSize).DefaultIfEmpty(DefaultSegmentSize).Max();
        List<KnownExpiry> stated = [.. context.State.Expiries.Where(expiry => string.Equals(expiry.SystemId, system, StringComparison.Ordinal))];
        var needs = Needs(system, log, epochs, segmentSize);
        var expired = ExpiredWal.Find(needs, log, epochs, stated.Count > 0 ? stated[0].Expired : LogSpans.None, segmentSize);
        var expiredEpochs = ExpiredWal.FindEpochs(expired, epochs, context.WindowBegin);
        var record = new ExpiryRecord(stated, expired, expiredEpochs);
        var graceBegin = context.Now - context.Settings.Grace;
        var whyBlocked = unknown.WhyNot(system);
        var due = whyBlocked is null ? record.LogSince(graceBegin) : LogSpans.None;
        return new WalPlan(system)
        {
            Decisions = [.. new WalDecisions(needs, expired, record, due, whyBlocked, context.Settings.Grace).Describe(log)],
            SegmentSize = segmentSize,
            Expired = expired,
            ExpiredEpochs = expiredEpochs,
            Due = due,
            DueEpochs = whyBlocked is null ? [.. record.EpochsSince(graceBegin).Order(StringComparer.Ordinal)] : [],
            WhyBlocked = whyBlocked,
            IsNews = whyBlocked is null && IsNews(stated.FirstOrDefault(), epochs, expired, expiredEpochs, due),
        };
    }

    /// <summary>That a deletion begins is news, too; that an epoch is gone is none.</summary>
    private static bool IsNews(KnownExpiry? newest, List<KnownEpoch> epochs, LogSpans expired, IReadOnlyList<string> expiredEpochs, LogSpans due)
    {
        if (newest is null)
        {
            return !expired.IsEmpty || expiredEpochs.Count > 0;
        }

        var stated = epochs.Select(epoch => epoch.Id).Intersect(newest.Epochs, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        return !newest.IsEverywhere || !newest.Expired.Same(expired) || !stated.SetEquals(expiredEpochs) || !due.Without(newest.Deleted).IsEmpty;
    }

    private IReadOnlyList<WalNeed> Needs(string system, List<KnownWal> log, List<KnownEpoch> epochs, int segmentSize)
    {
        var bases = context.State.Backups.Where(backup => string.Equals(backup.Wal?.SystemId, system, StringComparison.Ordinal)).ToList();
        var needed = NeededWal.Of(context, system, [.. bases.Where(Stays)], segmentSize);
        if (!bases.Exists(context.Graph.IsGood))
        {
            foreach (var timeline in log.Select(wal => wal.Timeline).Concat(epochs.Select(epoch => epoch.Timeline)).Distinct())
            {
                needed.Add(timeline, 0, ulong.MaxValue, $"no base of server {system} is verified");
            }
        }

        foreach (var recent in LogSpans.Of(log.Where(wal => wal.At >= context.WindowBegin).Select(wal => new LogSpan(wal.Timeline, wal.StartLsn, wal.EndLsn))).All)
        {
            needed.Add(recent.Timeline, recent.From, recent.To - 1, "archived in the recovery window");
        }

        return needed.All;
    }

    private bool Stays(KnownBackup backup) => backup.Copies.Any(copy => copy.IsLive && !decided.Goes(backup.Id, copy.Target));
}
