using BackupFunctions.Contracts.Logs;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Wal;

/// <summary>Log of one server that nothing needs: everything up to where the log is known to go, but for what does need some.</summary>
internal static class ExpiredWal
{
    /// <param name="needs">What stays, in words too.</param>
    /// <param name="log">The server's objects.</param>
    /// <param name="epochs">The server's epochs.</param>
    /// <param name="stated">What the newest statement names: what is gone by now is still not needed.</param>
    /// <param name="segmentSize">The largest, bytes.</param>
    public static LogSpans Find(IEnumerable<WalNeed> needs, IReadOnlyList<KnownWal> log, IReadOnlyList<KnownEpoch> epochs, LogSpans stated, int segmentSize)
    {
        var ends = new Dictionary<int, ulong>();
        foreach (var (timeline, end) in log.Select(wal => (wal.Timeline, wal.EndLsn)).Concat(epochs.Select(epoch => (epoch.Timeline, epoch.EndLsn))).Concat(stated.All.Select(span => (span.Timeline, span.To))))
        {
            ends[timeline] = Math.Max(ends.GetValueOrDefault(timeline), end);
        }

        var size = (ulong)segmentSize;
        return LogSpans.Of(ends.Select(end => new LogSpan(end.Key, 0, (end.Value + size - 1) / size * size))).Without(LogSpans.Of(needs.Select(need => need.Span)));
    }

    /// <summary>
    /// Epochs of which nothing is needed. The newest of each timeline stays, and the newest that has its history: they say where it came from.
    /// </summary>
    /// <param name="expired">Log that nothing needs.</param>
    /// <param name="epochs">The server's epochs.</param>
    /// <param name="windowBegin">What was written since then stays.</param>
    public static IReadOnlyList<string> FindEpochs(LogSpans expired, IReadOnlyList<KnownEpoch> epochs, DateTimeOffset windowBegin)
    {
        var staying = new HashSet<string>(StringComparer.Ordinal);
        foreach (var timeline in epochs.GroupBy(epoch => epoch.Timeline))
        {
            var newestFirst = timeline.OrderByDescending(epoch => epoch.Id, StringComparer.Ordinal).ToList();
            staying.Add(newestFirst[0].Id);
            staying.Add((newestFirst.Find(epoch => epoch.HasHistory) ?? newestFirst[0]).Id);
        }

        return
        [
            .. epochs.Where(epoch => !epoch.IsHeld && epoch.At < windowBegin && !staying.Contains(epoch.Id) && expired.Holds(epoch.Timeline, epoch.StartLsn, epoch.EndLsn))
                .Select(epoch => epoch.Id).Order(StringComparer.Ordinal),
        ];
    }
}
