using BackupFunctions.Contracts.Backups;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Rules;

/// <summary>
/// Of every database, tenant and server stay: the newest PROVEN backup, the newest VERIFIED one, and on each target the newest copy that
/// was verified there. Where nothing has been verified yet, everything stays.
/// </summary>
internal sealed class LastGoodRule : IKeepRule
{
    public void Apply(PlanContext context, KeptCopies kept)
    {
        foreach (var group in context.State.Backups.GroupBy(backup => backup.Group, StringComparer.Ordinal))
        {
            Apply(context.Graph, [.. group.OrderByDescending(backup => backup.SnapshotAt).ThenByDescending(backup => backup.Id, StringComparer.Ordinal)], kept);
        }
    }

    private static void Apply(BackupGraph graph, List<KnownBackup> newestFirst, KeptCopies kept)
    {
        List<KnownBackup> good = [.. newestFirst.Where(graph.IsGood)];
        if (good.Count == 0)
        {
            newestFirst.ForEach(backup => kept.KeepAll(backup, $"no backup of {backup.Group} is verified"));
            return;
        }

        kept.KeepAll(good[0], $"the last good backup of {good[0].Group}");
        if (good.Find(backup => backup.Status == BackupStatus.Proven) is { } proven)
        {
            kept.KeepAll(proven, $"the last proven backup of {proven.Group}");
        }

        foreach (var (backup, copy) in good
            .SelectMany(backup => backup.Copies.Where(copy => copy is { IsLive: true, Health: CopyHealth.Verified }).Select(copy => (backup, copy)))
            .DistinctBy(pair => pair.copy.Target, StringComparer.Ordinal))
        {
            kept.Keep(backup, copy, $"the last good copy of {backup.Group} on this target");
        }
    }
}
