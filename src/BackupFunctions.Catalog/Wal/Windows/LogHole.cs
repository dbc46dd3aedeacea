using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Logs;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Wal.Windows;

/// <summary>Log that was archived once, or lies between what is, and that no target has.</summary>
/// <param name="Timeline">From 1.</param>
/// <param name="From">Its first byte.</param>
/// <param name="To">Behind its last byte.</param>
/// <param name="IsEnd">Nothing is left behind it: a signed inventory says how far the log went.</param>
public sealed record LogHole(int Timeline, ulong From, ulong To, bool IsEnd)
{
    /// <summary>What retention has let go is none.</summary>
    public static IEnumerable<LogHole> Of(StoredLog log) => All(log).SelectMany(hole => LogSpans.Of([new LogSpan(hole.Timeline, hole.From, hole.To)]).Without(log.Expired.Spans).All
        .Select(left => hole with { From = left.From, To = left.To }));

    private static IEnumerable<LogHole> All(StoredLog log)
    {
        foreach (var (before, after) in log.Ranges.Zip(log.Ranges.Skip(1)).Where(pair => pair.First.Timeline == pair.Second.Timeline))
        {
            yield return new LogHole(before.Timeline, before.End, after.Start, IsEnd: false);
        }

        foreach (var (timeline, archived) in log.ArchivedTo.Where(end => end.Value > log.FurthestEnd.GetValueOrDefault(end.Key)).OrderBy(end => end.Key))
        {
            yield return new LogHole(timeline, log.FurthestEnd.GetValueOrDefault(timeline), archived, IsEnd: true);
        }
    }

    /// <summary>It is the one that a receiver recorded.</summary>
    public bool IsOf(WalGap gap) => gap.FromTimeline == Timeline && Lsn.Parse(gap.FromLsn) == From && Lsn.Parse(gap.ToLsn) == To;

    /// <summary>For people.</summary>
    public string Describe(string systemIdentifier) => IsEnd
        ? $"GAP: server {systemIdentifier} has no log from {Lsn.Format(From)} to {Lsn.Format(To)} of timeline {Timeline}, although a signed inventory says that it was archived: it was taken away, or the targets that have it are away."
        : $"GAP: server {systemIdentifier} has no log from {Lsn.Format(From)} to {Lsn.Format(To)} of timeline {Timeline}: no point in it can be recovered, and none behind it without a base backup behind it.";
}
