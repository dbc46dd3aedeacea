using BackupFunctions.Contracts.Backups;
using BackupFunctions.Retention.Policies;
using BackupFunctions.Retention.State;
using BackupFunctions.Retention.Tests.Simulation;

namespace BackupFunctions.Retention.Tests.Properties;

public sealed class RetentionProperties
{
    private static readonly RetentionPlanner Planner = new();

    [Theory]
    [InlineData(PolicyKind.Age)]
    [InlineData(PolicyKind.Gfs)]
    [InlineData(PolicyKind.Flat)]
    public void EveryRun_AnyHistory_DeletesNothingThatIsNeeded(PolicyKind kind) => DeletesNothingThatIsNeeded(kind, histories: 20);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(PolicyKind.Age)]
    [InlineData(PolicyKind.Gfs)]
    [InlineData(PolicyKind.Flat)]
    public void EveryRun_ManyHistories_DeletesNothingThatIsNeeded(PolicyKind kind) => DeletesNothingThatIsNeeded(kind, histories: 200);

    private static void DeletesNothingThatIsNeeded(PolicyKind kind, int histories)
    {
        var (deleted, log, epochs) = (0, 0, 0);
        Histories.Check(histories, 300, steps =>
        {
            var history = new History(Planner.Plan, Histories.Policies[kind])
            {
                Check = run =>
                {
                    Require.All(run);
                    deleted += run.Plan.Copies.Count(decision => decision.Action == RetentionAction.Delete);
                    log += run.Before.Wal.Values.Sum(wal => wal.Targets.Count) - run.After.Wal.Values.Sum(wal => wal.Targets.Count);
                    epochs += run.Before.Epochs.Count - run.After.Epochs.Count;
                },
            };
            history.Live(steps);
        });

        // Keeping all of it would pass as well.
        deleted.ShouldBeGreaterThan(16 * histories);
        log.ShouldBeGreaterThan(16 * histories);
        epochs.ShouldBeGreaterThan(histories);
    }

    [Theory]
    [InlineData(PolicyKind.Age)]
    [InlineData(PolicyKind.Gfs)]
    [InlineData(PolicyKind.Flat)]
    public void EveryRun_RunAgainAtOnce_ChangesNothingMore(PolicyKind kind) => Histories.Check(20, 150, steps =>
    {
        var policy = Histories.Policies[kind];
        var history = new History(Planner.Plan, policy)
        {
            Check = run =>
            {
                var again = Planner.Plan(run.Sight.Of(run.Before), policy, run.Before.Now);
                Require.Holds(again.Copies.Zip(run.Plan.Copies).All(pair => pair.First.Action == pair.Second.Action && pair.First.Reasons.SequenceEqual(pair.Second.Reasons, StringComparer.Ordinal)), "the same state gives another plan");
            },
        };
        history.Live(steps);
        var first = history.RunRetention(new Sight());
        var second = history.RunRetention(new Sight());
        Require.Holds(second.Copies.All(decision => decision.Action is RetentionAction.Keep or RetentionAction.Blocked && !decision.CancelsTombstone), $"a second run still changes backups after {first.Copies.Count}");
        Require.Holds(second.Wal.All(log => !log.IsNews), "a second run still states something of the log");
    });

    [Theory]
    [InlineData(PolicyKind.Age)]
    [InlineData(PolicyKind.Flat)]
    public void Years_WithoutAnyNewBackup_LeaveOnlyWhatMustStay(PolicyKind kind) => Histories.Check(25, 200, steps =>
    {
        var history = new History(Planner.Plan, Histories.Policies[kind]);
        history.Live(steps);
        for (var month = 0; month < 16; month++)
        {
            history.World.Now += TimeSpan.FromDays(31);
            history.RunRetention(new Sight());
        }

        var world = history.World;
        var allowed = MustStay(world);
        foreach (var backup in world.Live)
        {
            Require.Holds(allowed.Contains(backup.Id), $"{backup.Id} of {backup.Group} never goes");
        }

        if (world.Backups.Values.Any(backup => backup.Wal is not null && Truth.Good(world, backup)) && Truth.BasesOf(world, world.Timeline).Any())
        {
            var oldest = world.Live.Where(backup => backup.Wal is not null).Min(backup => backup.Wal!.StartLsn);
            Require.Holds(world.Wal.Values.Where(wal => wal.Targets.Count > 0).All(wal => wal.EndLsn > oldest), "log older than every base never goes");
            Require.Holds(
                world.Epochs.Values.Where(epoch => epoch.EndLsn < oldest / World.Segment * World.Segment).All(epoch => world.Wal.Values.Any(wal => world.EpochOf[wal.Name] == epoch.Id && wal.Targets.Count > 0)
                    || world.Epochs.Values.Where(other => other.Timeline == epoch.Timeline).Max(other => other.Id) == epoch.Id),
                "epochs that have nothing left never go");
        }
    });

    [Fact]
    public void Gfs_YearsOfDailyBackups_KeepsSevenDaysFourWeeksTwelveMonths()
    {
        var world = new World();
        var policy = new RetentionPolicy { Kind = PolicyKind.Gfs };
        for (var day = 0; day < 800; day++)
        {
            world.Now += TimeSpan.FromDays(1);
            world.Backups[$"{day:D4}"] = new KnownBackup
            {
                Id = $"{day:D4}",
                Database = "app",
                SnapshotAt = world.Now.AddHours(-3),
                Status = BackupStatus.Verified,
                Copies = [new KnownCopy("r2")],
            };
            Executor.Run(world, Planner.Plan(new Sight().Of(world), policy, world.Now));
        }

        world.Live.Count(backup => backup.Copies[0].TombstonedAt is null).ShouldBeInRange(7 + 4 + 12 - 4, 7 + 4 + 12);
    }

    /// <summary>The last good ones, bases of each timeline, groups with nothing good, and all that these need.</summary>
    private static HashSet<string> MustStay(World world)
    {
        var stay = new Queue<KnownBackup>();
        foreach (var group in world.Backups.Values.GroupBy(backup => backup.Group, StringComparer.Ordinal))
        {
            List<KnownBackup> good = [.. group.Where(backup => Truth.Good(world, backup)).OrderByDescending(backup => (backup.SnapshotAt, backup.Id))];
            (good.Count == 0 ? group : good.Take(1)
                .Concat(good.Where(backup => backup.Status == BackupStatus.Proven).Take(1))
                .Concat(World.Targets.SelectMany(target => good.Where(backup => backup.Copies.Any(copy => copy.Target == target && copy.IsLive && copy.Health == CopyHealth.Verified)).Take(1)))
                .Concat(good.Where(backup => backup.Wal is not null).GroupBy(backup => backup.Wal!.Timeline).Select(timeline => timeline.First())))
                .ToList().ForEach(stay.Enqueue);
        }

        // A timeline may have left its parent before the newest base of that.
        foreach (var bases in Enumerable.Range(1, world.Timelines.Count + 1).Select(timeline => Truth.BasesOf(world, timeline).OrderByDescending(backup => (backup.SnapshotAt, backup.Id)).ToList()))
        {
            (bases.Exists(backup => Truth.Good(world, backup)) ? bases.Where(backup => Truth.Good(world, backup)) : bases.Where(backup => Truth.Restorable(world, backup)))
                .Take(1).ToList().ForEach(stay.Enqueue);
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        while (stay.TryDequeue(out var backup))
        {
            if (ids.Add(backup.Id))
            {
                backup.Parents.Where(world.Backups.ContainsKey).ToList().ForEach(parent => stay.Enqueue(world.Backups[parent]));
            }
        }

        return ids;
    }
}
