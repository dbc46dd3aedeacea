using BackupFunctions.Contracts.Logs;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Tests.Simulation;

/// <summary>Carries a plan out on the world; stops in the middle when it is told to, as a killed job does.</summary>
internal static class Executor
{
    public static void Run(World world, RetentionPlan plan, int? killedAfter = null)
    {
        var left = killedAfter ?? int.MaxValue;
        foreach (var decision in plan.Copies)
        {
            if (Changes(decision.Action, decision.CancelsTombstone) && left-- <= 0)
            {
                if (decision.Action == RetentionAction.Delete)
                {
                    world.Change(world.Backups[decision.BackupId], decision.Target, copy => copy with { Stage = CopyStage.Deleting });
                }

                return;
            }

            world.Change(world.Backups[decision.BackupId], decision.Target, copy => After(world, copy, decision.Action, decision.CancelsTombstone));
        }

        foreach (var log in plan.Wal)
        {
            Run(world, log, ref left);
        }
    }

    private static void Run(World world, WalPlan plan, ref int left)
    {
        if (plan.IsNews && left-- > 0)
        {
            State(world, plan);
        }

        foreach (var wal in world.Wal.Values.Where(wal => plan.Due.Holds(wal.Timeline, wal.StartLsn, wal.EndLsn)).ToList())
        {
            foreach (var target in wal.Targets)
            {
                if (left-- > 0)
                {
                    world.Delete(wal, target);
                }
            }
        }

        foreach (var epoch in plan.DueEpochs.Where(id => !world.Wal.Values.Any(wal => world.EpochOf[wal.Name] == id && wal.Targets.Count > 0)))
        {
            if (left-- > 0)
            {
                world.Epochs.Remove(epoch);
            }
        }
    }

    private static void State(World world, WalPlan plan)
    {
        world.Expiries.Insert(0, new KnownExpiry(World.System, world.Now)
        {
            Expired = plan.Expired,
            Deleted = plan.Due.Or(world.Expiries.Count > 0 ? world.Expiries[0].Deleted : LogSpans.None),
            Epochs = plan.ExpiredEpochs,
            IsEverywhere = true,
        });
        foreach (var wal in world.Wal.Values)
        {
            if (!plan.Expired.Holds(wal.Timeline, wal.StartLsn, wal.EndLsn))
            {
                world.ExpiredSince.Remove(wal.Name);
            }
            else
            {
                world.ExpiredSince.TryAdd(wal.Name, world.Now);
            }
        }
    }

    private static bool Changes(RetentionAction action, bool cancels) => action is RetentionAction.Tombstone or RetentionAction.Delete || cancels;

    private static KnownCopy After(World world, KnownCopy copy, RetentionAction action, bool cancels) => action switch
    {
        RetentionAction.Tombstone => copy with { TombstonedAt = world.Now },
        RetentionAction.Delete => copy with { Stage = CopyStage.Deleted, TombstonedAt = null },
        _ => cancels ? copy with { TombstonedAt = null } : copy,
    };
}
