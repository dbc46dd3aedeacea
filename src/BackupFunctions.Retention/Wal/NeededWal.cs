using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Wal;

/// <summary>
/// Log of one server that stays: from the base before the recovery window on along every living timeline, and what each base that stays
/// needs to become consistent.
/// </summary>
internal sealed class NeededWal
{
    private readonly Dictionary<int, List<WalRange>> _ranges = [];

    private NeededWal()
    {
    }

    /// <param name="context">What is known.</param>
    /// <param name="system">The server.</param>
    /// <param name="staying">Its bases with a copy that stays, tombstoned ones too.</param>
    public static NeededWal Of(PlanContext context, string system, IReadOnlyList<KnownBackup> staying)
    {
        var needed = new NeededWal();
        foreach (var backup in staying)
        {
            needed.Add(backup.Wal!.Timeline, new WalRange(backup.Wal.StartLsn, backup.Wal.StopLsn, $"needed by base {backup.Id}"));
        }

        foreach (var path in context.Timelines.LivingIn(system, context.WindowBegin))
        {
            needed.AddWindow(context, path, [.. staying.Where(backup => path.Holds(backup.Wal!))]);
        }

        return needed;
    }

    /// <summary>The reason by which each object of one timeline stays; in the order given, which is that of their positions.</summary>
    public IEnumerable<(KnownWal Wal, string? Reason)> Judge(int timeline, IEnumerable<KnownWal> inOrder)
    {
        List<WalRange> ranges = [.. _ranges.GetValueOrDefault(timeline, []).OrderBy(range => range.From)];
        var next = 0;
        WalRange? reaching = null;
        foreach (var wal in inOrder)
        {
            for (; next < ranges.Count && ranges[next].From < wal.EndLsn; next++)
            {
                // Of all that began before, the one that reaches furthest decides.
                reaching = reaching is { } far && far.Until >= ranges[next].Until ? far : ranges[next];
            }

            yield return (wal, reaching is { } range && range.Until >= wal.StartLsn ? range.Reason : null);
        }
    }

    private void AddWindow(PlanContext context, TimelinePath path, List<KnownBackup> bases)
    {
        var start = Newest(bases.Where(backup => backup.SnapshotAt <= context.WindowBegin && context.Graph.IsGood(backup)))
            ?? Newest(bases.Where(backup => backup.SnapshotAt <= context.WindowBegin && context.Graph.IsUsable(backup)))
            ?? bases.MinBy(backup => backup.Wal!.StartLsn);
        if (start is null)
        {
            foreach (var (timeline, until) in path.Legs)
            {
                Add(timeline, new WalRange(0, until, $"no base of timeline {path.Timeline} is known yet"));
            }

            return;
        }

        var reason = $"recovery window of timeline {path.Timeline}, from base {start.Id} on";
        foreach (var (timeline, until) in path.LegsFrom(start.Wal!))
        {
            Add(timeline, new WalRange(start.Wal!.StartLsn, until, reason));
        }
    }

    private static KnownBackup? Newest(IEnumerable<KnownBackup> backups) =>
        backups.OrderBy(backup => backup.SnapshotAt).ThenBy(backup => backup.Id, StringComparer.Ordinal).LastOrDefault();

    private void Add(int timeline, WalRange range)
    {
        if (!_ranges.TryGetValue(timeline, out var ranges))
        {
            _ranges[timeline] = ranges = [];
        }

        ranges.Add(range);
    }
}
