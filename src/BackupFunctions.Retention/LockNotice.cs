using System.Globalization;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention;

/// <summary>A lock that ends before retention does leaves a copy that is still wanted open to whoever has the credentials.</summary>
internal static class LockNotice
{
    public static void Check(PlanContext context, KnownBackup backup, KnownCopy copy, CopyDecision decision)
    {
        if (decision.Action != RetentionAction.Keep || copy.TombstonedAt is not null || copy.LockedUntil is not { } end
            || end <= context.Now || end > context.Now + context.Settings.LockNotice)
        {
            return;
        }

        // Only where the policy alone keeps it is its end known.
        if (decision.Reasons.Count == 1 && context.Policy.Keeps(backup, copy.Target)?.Until is { } until && until <= end)
        {
            return;
        }

        context.Warnings.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"The lock of backup {backup.Id} on '{copy.Target}' ends at {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC, before retention lets it go: prolong the lock on that target."));
    }
}
