using BackupFunctions.Contracts.Logs;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Wal;

/// <summary>
/// Log of one server that stays: from the base before the recovery window on along every living timeline, what each base that stays needs to
/// become consistent, and everything from a base on that is being read.
/// </summary>
internal sealed class NeededWal
{
    private readonly ulong _segmentSize;
    private readonly List<WalNeed> _needs = [];

    /// <param name="segmentSize">Bytes: what is needed of a segment keeps all of it.</param>
    private NeededWal(int segmentSize) => _segmentSize = (ulong)segmentSize;

    public IReadOnlyList<WalNeed> All => _needs;

    /// <param name="context">What is known.</param>
    /// <param name="system">The server.</param>
    /// <param name="staying">Its bases with a copy that stays, tombstoned ones too.</param>
    /// <param name="segmentSize">The largest that its epochs have, bytes.</param>
    public static NeededWal Of(PlanContext context, string system, IReadOnlyList<KnownBackup> staying, int segmentSize)
    {
        var needed = new NeededWal(segmentSize);
        foreach (var backup in staying)
        {
            for (var timeline = backup.Wal!.Timeline; timeline <= backup.Wal.StopTimeline; timeline++)
            {
                needed.Add(timeline, backup.Wal.StartLsn, backup.Wal.StopLsn, $"needed by base {backup.Id}");
            }
        }

        foreach (var path in context.Timelines.LivingIn(system, context.WindowBegin))
        {
            needed.AddWindow(context, path, [.. staying.Where(backup => path.Holds(backup.Wal!))]);
        }

        needed.AddReaders(context, system);
        return needed;
    }

    /// <param name="timeline">From 1.</param>
    /// <param name="from">First byte needed.</param>
    /// <param name="until">Last byte needed; the segment that holds it counts.</param>
    /// <param name="reason">A sentence.</param>
    public void Add(int timeline, ulong from, ulong until, string reason)
    {
        var end = until - (until % _segmentSize);
        _needs.Add(new WalNeed(new LogSpan(timeline, from - (from % _segmentSize), end > ulong.MaxValue - _segmentSize ? ulong.MaxValue : end + _segmentSize), reason));
    }

    private void AddWindow(PlanContext context, TimelinePath path, List<KnownBackup> bases)
    {
        var start = Newest(bases.Where(backup => backup.SnapshotAt <= context.WindowBegin && context.Graph.IsGood(backup)))
            ?? Newest(bases.Where(backup => backup.SnapshotAt <= context.WindowBegin && context.Graph.IsUsable(backup)))
            ?? bases.MinBy(backup => backup.Wal!.StartLsn);
        if (start is null)
        {
            AddLegs(path.Legs, 0, $"no base of timeline {path.Timeline} is known yet");
        }
        else
        {
            AddLegs(path.LegsFrom(start.Wal!), start.Wal!.StartLsn, $"recovery window of timeline {path.Timeline}, from base {start.Id} on");
        }
    }

    /// <summary>Where a recovery that has begun wants to go is not known: to any end.</summary>
    private void AddReaders(PlanContext context, string system)
    {
        foreach (var lease in context.State.Leases.Where(lease => lease.Until > context.Now))
        {
            foreach (var backup in context.State.Backups.Where(backup => string.Equals(backup.Id, lease.BackupId, StringComparison.Ordinal) && string.Equals(backup.Wal?.SystemId, system, StringComparison.Ordinal)))
            {
                foreach (var path in context.Timelines.Of(system).Where(path => path.Holds(backup.Wal!)))
                {
                    AddLegs(path.LegsFrom(backup.Wal!), backup.Wal!.StartLsn, $"base {backup.Id} is in use by {lease.Holder}");
                }
            }
        }
    }

    private void AddLegs(IEnumerable<(int Timeline, ulong Until)> legs, ulong from, string reason)
    {
        foreach (var (timeline, until) in legs.Where(leg => leg.Until >= from))
        {
            Add(timeline, from, until, reason);
        }
    }

    private static KnownBackup? Newest(IEnumerable<KnownBackup> backups) =>
        backups.OrderBy(backup => backup.SnapshotAt).ThenBy(backup => backup.Id, StringComparer.Ordinal).LastOrDefault();
}
