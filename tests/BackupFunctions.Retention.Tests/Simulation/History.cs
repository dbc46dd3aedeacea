using BackupFunctions.Contracts.Backups;
using BackupFunctions.Retention.Policies;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Tests.Simulation;

/// <summary>A life of a system: each number is a day or two in which something is backed up, breaks, is held, and retention runs.</summary>
internal sealed class History
{
    private readonly Func<RetentionState, RetentionPolicy, DateTimeOffset, RetentionPlan> _planner;
    private readonly RetentionPolicy _policy;

    public History(Func<RetentionState, RetentionPolicy, DateTimeOffset, RetentionPlan> planner, RetentionPolicy policy) =>
        (_planner, _policy) = (planner, policy);

    public World World { get; } = new();

    /// <summary>Called for every run, before its plan is carried out and after.</summary>
    public Action<Run> Check { get; init; } = _ => { };

    public void Live(IEnumerable<int> steps)
    {
        foreach (var step in steps)
        {
            Live(new Dice(step));
        }
    }

    public RetentionPlan RunRetention(Sight sight, int? killedAfter = null)
    {
        var before = World.Clone();
        var plan = _planner(sight.Of(World), _policy, World.Now);
        Executor.Run(World, plan, killedAfter);
        Check(new Run(before, World, sight, _policy, plan));
        return plan;
    }

    private void Live(Dice dice)
    {
        World.Now += TimeSpan.FromHours(12 + dice.Next(60));
        World.WriteLog(dice);
        if (dice.Chance(75))
        {
            World.TakeBackup(dice);
        }

        if (dice.Chance(4))
        {
            World.SwitchTimeline(dice);
        }

        SomethingHappens(dice);
        if (dice.Chance(85))
        {
            RunRetention(Look(dice), dice.Chance(15) ? dice.Next(6) : null);
        }
    }

    private void SomethingHappens(Dice dice)
    {
        List<KnownBackup> live = [.. World.Live];
        if (dice.Pick(live) is not { } backup)
        {
            return;
        }

        var copy = dice.Pick([.. backup.Copies.Where(copy => copy.IsLive)])!;
        switch (dice.Next(100))
        {
            case < 4:
                World.Change(backup, copy.Target, found => found with { Health = CopyHealth.Damaged });
                break;
            case < 7:
                World.Backups[backup.Id] = backup with { Status = BackupStatus.Failed };
                break;
            case < 14:
                World.Leases.Add(new Lease(backup.Id, World.Now.AddDays(1 + dice.Next(30)), "a restore"));
                break;
            case < 24 when dice.Pick([.. live.Where(each => each.Copies.Any(one => one.IsLive && one.TombstonedAt is not null))]) is { } doomed:
                Hold(doomed, World.Now.AddDays(1 + dice.Next(90)));
                break;
            case < 30 when backup.Status == BackupStatus.Verified:
                World.Backups[backup.Id] = backup with { Status = BackupStatus.Proven };
                break;
        }
    }

    private void Hold(KnownBackup backup, DateTimeOffset until)
    {
        World.Backups[backup.Id] = backup with { KeepUntil = until };
        foreach (var copy in backup.Copies.Where(copy => copy.IsLive))
        {
            World.Change(backup, copy.Target, found => found with { TombstonedAt = null });
        }
    }

    private Sight Look(Dice dice) => dice.Next(100) switch
    {
        < 8 => new Sight(Away: World.Targets[dice.Next(3)]),
        < 12 => new Sight(UnreadableBackup: dice.Pick([.. World.Backups.Keys])),
        < 16 => new Sight(DatabaseInDoubt: dice.Chance(50) ? "app" : "erp"),
        < 20 => new Sight(ServerInDoubt: World.System),
        _ => new Sight(),
    };
}
