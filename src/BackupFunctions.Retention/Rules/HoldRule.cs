using System.Globalization;

namespace BackupFunctions.Retention.Rules;

/// <summary>What a person asked for: a cancelled tombstone is honoured. And a backup from the future stays, since one of the clocks is wrong.</summary>
internal sealed class HoldRule : IKeepRule
{
    public void Apply(PlanContext context, KeptCopies kept)
    {
        foreach (var backup in context.State.Backups)
        {
            if (backup.KeepUntil > context.Now)
            {
                kept.KeepAll(backup, string.Create(CultureInfo.InvariantCulture, $"held until {backup.KeepUntil.Value.UtcDateTime:yyyy-MM-dd} on request"));
            }

            if (backup.SnapshotAt > context.Now)
            {
                kept.KeepAll(backup, "it lies in the future: a clock is wrong");
                context.Warnings.Add($"Backup {backup.Id} was taken in the future, so a clock is wrong: set the clocks of this machine and of the one that took it.");
            }
        }
    }
}
