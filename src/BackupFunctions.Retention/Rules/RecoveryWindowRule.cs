using BackupFunctions.Contracts.Backups;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Rules;

/// <summary>Bases of the recovery window stay, and for every timeline that lives in it the base before its begin.</summary>
internal sealed class RecoveryWindowRule : IKeepRule
{
    public void Apply(PlanContext context, KeptCopies kept)
    {
        var bases = context.State.Backups.Where(backup => backup.Wal is not null);
        foreach (var ofServer in bases.GroupBy(backup => backup.Wal!.SystemId, StringComparer.Ordinal))
        {
            foreach (var backup in ofServer.Where(backup => backup.SnapshotAt >= context.WindowBegin && backup.Status != BackupStatus.Failed))
            {
                kept.KeepAll(backup, "in the recovery window");
            }

            foreach (var path in context.Timelines.LivingIn(ofServer.Key, context.WindowBegin))
            {
                List<KnownBackup> before = [.. ofServer.Where(backup => backup.SnapshotAt <= context.WindowBegin && path.Holds(backup.Wal!))];
                KeepNewest(before.Where(context.Graph.IsGood), path.Timeline, kept);
                if (!before.Exists(context.Graph.IsGood))
                {
                    KeepNewest(before.Where(context.Graph.IsUsable), path.Timeline, kept);
                }
            }
        }
    }

    private static void KeepNewest(IEnumerable<KnownBackup> backups, int timeline, KeptCopies kept)
    {
        if (backups.OrderBy(backup => backup.SnapshotAt).ThenBy(backup => backup.Id, StringComparer.Ordinal).LastOrDefault() is { } newest)
        {
            kept.KeepAll(newest, $"the base before the recovery window of timeline {timeline}");
        }
    }
}
