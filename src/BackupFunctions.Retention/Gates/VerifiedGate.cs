using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Gates;

/// <summary>
/// A verified copy waits for those of its backup that are not: their tombstones can be younger, as when one was seen alone while the other's
/// target was away, and kept.
/// </summary>
internal sealed class VerifiedGate : IDeletionGate
{
    public string? WhyNot(PlanContext context, DecidedCopies decided, KnownBackup backup, KnownCopy copy) =>
        copy is { IsLive: true, Health: CopyHealth.Verified }
        && !backup.Copies.Any(other => other.Health == CopyHealth.Verified && Stays(context, other))
        && backup.Copies.FirstOrDefault(other => other.Health != CopyHealth.Verified && Stays(context, other)) is { } unverified
            ? $"its copy on '{unverified.Target}' is not verified, and not gone yet"
            : null;

    private static bool Stays(PlanContext context, KnownCopy copy) => copy.IsLive && !(copy.TombstonedAt + context.Settings.Grace <= context.Now);
}
