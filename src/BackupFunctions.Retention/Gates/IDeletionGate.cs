using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Gates;

/// <summary>What can stand against a deletion that is due.</summary>
internal interface IDeletionGate
{
    /// <returns>A sentence; null: nothing stands against it.</returns>
    string? WhyNot(PlanContext context, DecidedCopies decided, KnownBackup backup, KnownCopy copy);
}
