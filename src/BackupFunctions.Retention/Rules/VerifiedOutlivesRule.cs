using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Rules;

/// <summary>While a copy stays that was not verified, or is damaged, a verified copy of the same backup stays too: it is what the other is repaired from.</summary>
internal sealed class VerifiedOutlivesRule : IKeepRule
{
    public void Apply(PlanContext context, KeptCopies kept)
    {
        foreach (var backup in context.State.Backups)
        {
            List<KnownCopy> verified = [.. backup.Copies.Where(copy => copy is { IsLive: true, Health: CopyHealth.Verified })];
            var staying = backup.Copies.FirstOrDefault(copy => copy.Health != CopyHealth.Verified && kept.Contains(backup, copy));
            if (staying is not null && verified.Count > 0 && !verified.Exists(copy => kept.Contains(backup, copy)))
            {
                // The one whose way out is the shortest gone; then any, but always the same.
                var best = verified.OrderBy(copy => copy.TombstonedAt is not null).ThenBy(copy => copy.Target, StringComparer.Ordinal).First();
                kept.Keep(backup, best, $"its copy on '{staying.Target}' stays and is not verified");
            }
        }
    }
}
