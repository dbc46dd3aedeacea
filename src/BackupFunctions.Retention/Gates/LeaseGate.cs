using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Gates;

internal sealed class LeaseGate : IDeletionGate
{
    public string? WhyNot(PlanContext context, DecidedCopies decided, KnownBackup backup, KnownCopy copy) =>
        context.State.Leases.FirstOrDefault(lease => lease.Until > context.Now && string.Equals(lease.BackupId, backup.Id, StringComparison.Ordinal)) is { } lease
            ? $"in use by {lease.Holder}"
            : null;
}
