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

        foreach (var decision in plan.Wal.Where(decision => Changes(decision.Action, decision.CancelsTombstone)))
        {
            if (left-- <= 0)
            {
                return;
            }

            world.Change(decision.Wal, decision.Target, copy => After(world, copy, decision.Action, decision.CancelsTombstone));
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
