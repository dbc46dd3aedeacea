using System.Globalization;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Gates;

internal sealed class LockGate : IDeletionGate
{
    public string? WhyNot(PlanContext context, DecidedCopies decided, KnownBackup backup, KnownCopy copy) => WhyNot(context, copy);

    public static string? WhyNot(PlanContext context, KnownCopy copy) => copy.LockedUntil > context.Now
        ? string.Create(CultureInfo.InvariantCulture, $"locked by the target until {copy.LockedUntil.Value.UtcDateTime:yyyy-MM-dd HH:mm}")
        : null;
}
