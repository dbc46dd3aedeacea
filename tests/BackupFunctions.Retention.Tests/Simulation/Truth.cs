using BackupFunctions.Contracts.Backups;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Tests.Simulation;

/// <summary>What can be restored, found out the slow and plain way, with nothing of the planner.</summary>
internal static class Truth
{
    public static bool Restorable(World world, KnownBackup backup) =>
        backup.Status != BackupStatus.Failed && backup.Copies.Any(Usable) && backup.Parents.All(parent => world.Backups.TryGetValue(parent, out var known) && Restorable(world, known));

    public static bool RestorableFrom(World world, KnownBackup backup, string target) =>
        backup.Status != BackupStatus.Failed && backup.Copies.Any(copy => copy.Target == target && Usable(copy))
        && backup.Parents.All(parent => world.Backups.TryGetValue(parent, out var known) && RestorableFrom(world, known, target));

    /// <summary>The log that makes it consistent is there; a dump needs none.</summary>
    public static bool Startable(World world, KnownBackup backup) => backup.Wal is not { } span || world.Wal.Values
        .Where(wal => wal.Timeline == span.Timeline && wal.StartLsn < span.StopLsn && wal.EndLsn > span.StartLsn)
        .All(world.Has);

    public static bool Good(World world, KnownBackup backup) =>
        backup.Status is BackupStatus.Verified or BackupStatus.Proven && Restorable(world, backup)
        && backup.Copies.Any(copy => copy.Stage == CopyStage.Live && (copy.Health == CopyHealth.Verified || (backup.Status == BackupStatus.Proven && Usable(copy))));

    public static IEnumerable<KnownBackup> NewestGood(World world) => world.Backups.Values.Where(backup => Good(world, backup))
        .GroupBy(backup => backup.Group, StringComparer.Ordinal).Select(group => group.MaxBy(backup => (backup.SnapshotAt, backup.Id))!);

    /// <summary>Moments that a recovery can reach: each end of a segment of the window, along each way to a timeline that was written to since its begin.</summary>
    public static HashSet<(int Timeline, string Segment)> Reachable(World world, DateTimeOffset windowBegin)
    {
        var reachable = new HashSet<(int, string)>();
        foreach (var timeline in Enumerable.Range(1, world.Timelines.Count + 1).Where(timeline => timeline == world.Timeline || LastWrite(world, timeline) >= windowBegin))
        {
            var way = Way(world, timeline);
            var log = way.SelectMany(leg => world.Wal.Values.Where(wal => wal.Timeline == leg.Timeline && wal.StartLsn <= leg.Until)).ToList();
            var bases = world.Backups.Values.Where(backup => backup.Wal is { } span && Good(world, backup)
                && way.Any(leg => leg.Timeline == span.Timeline && span.StopLsn <= leg.Until)).ToList();
            foreach (var point in log.Where(wal => wal.At >= windowBegin
                && bases.Exists(start => start.SnapshotAt <= wal.At && start.Wal!.StopLsn <= wal.EndLsn && Replays(world, start, wal, way, log))))
            {
                reachable.Add((timeline, point.Name));
            }

            // The moment at which the window begins: the last that was written before it, unless a base came after that.
            var last = log.Where(wal => wal.At < windowBegin).MaxBy(wal => wal.At);
            if (bases.Exists(start => start.SnapshotAt <= windowBegin
                && (last is null || last.EndLsn <= start.Wal!.StopLsn || last.Timeline < start.Wal.Timeline || Replays(world, start, last, way, log))))
            {
                reachable.Add((timeline, "the begin of the window"));
            }
        }

        return reachable;
    }

    /// <summary>Bases at which a replay can begin and reach the timeline: without one, all its log waits for one.</summary>
    public static IEnumerable<KnownBackup> BasesOf(World world, int timeline) => world.Live
        .Where(backup => backup.Wal is { } span && Way(world, timeline).Exists(leg => leg.Timeline == span.Timeline && span.StopLsn <= leg.Until));

    /// <summary>Of some log, what a base needs to become consistent.</summary>
    public static IEnumerable<KnownWal> LogOf(IEnumerable<KnownWal> log, KnownBackup backup) =>
        log.Where(wal => wal.Timeline == backup.Wal!.Timeline && wal.StartLsn <= backup.Wal.StopLsn && wal.EndLsn > backup.Wal.StartLsn);

    /// <summary>Of some log, what can be replayed from a base on, to whatever end.</summary>
    public static IEnumerable<KnownWal> LogFrom(World world, IReadOnlyList<KnownWal> log, KnownBackup backup) => Enumerable.Range(1, world.Timelines.Count + 1)
        .Select(timeline => Way(world, timeline)).Where(way => way.Any(leg => leg.Timeline == backup.Wal!.Timeline && backup.Wal.StopLsn <= leg.Until))
        .SelectMany(way => way.SkipWhile(leg => leg.Timeline != backup.Wal!.Timeline))
        .SelectMany(leg => log.Where(wal => wal.Timeline == leg.Timeline && wal.EndLsn > backup.Wal!.StartLsn && wal.StartLsn <= leg.Until));

    private static bool Usable(KnownCopy copy) => copy.Stage == CopyStage.Live && copy.Health is CopyHealth.Verified or CopyHealth.Unverified && copy.Stage == CopyStage.Live;

    private static DateTimeOffset LastWrite(World world, int timeline) =>
        world.Wal.Values.Where(wal => wal.Timeline == timeline).Select(wal => wal.At).DefaultIfEmpty().Max();

    private static List<(int Timeline, ulong Until)> Way(World world, int timeline)
    {
        var way = new List<(int Timeline, ulong Until)> { (timeline, ulong.MaxValue) };
        while (world.Timelines.Find(history => history.Timeline == way[0].Timeline) is { } history)
        {
            way.Insert(0, (history.Parent, history.SwitchLsn));
        }

        return way;
    }

    /// <summary>Every segment from the base to the point that was ever written along the way is still there.</summary>
    private static bool Replays(World world, KnownBackup start, KnownWal point, List<(int Timeline, ulong Until)> way, List<KnownWal> log)
    {
        var place = way.FindIndex(leg => leg.Timeline == start.Wal!.Timeline);
        var end = way.FindIndex(leg => leg.Timeline == point.Timeline);
        return place <= end && way.Skip(place).Take(end - place + 1).All(leg => log
            .Where(wal => wal.Timeline == leg.Timeline && wal.EndLsn > start.Wal!.StartLsn && (leg.Timeline != point.Timeline || wal.EndLsn <= point.EndLsn))
            .All(world.Has));
    }
}
