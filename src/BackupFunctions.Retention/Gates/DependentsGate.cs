using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Gates;

/// <summary>A tombstone can be cancelled, so what a tombstoned backup needs stays until that backup is gone.</summary>
internal sealed class DependentsGate : IDeletionGate
{
    public string? WhyNot(PlanContext context, DecidedCopies decided, KnownBackup backup, KnownCopy copy) =>
        context.Graph.ChildrenOf(backup).FirstOrDefault(child => child.Copies.Any(other => Needs(decided, child, other, backup, copy))) is { } child
            ? $"needed by {child.Id}, which is not gone yet"
            : null;

    private static bool Needs(DecidedCopies decided, KnownBackup child, KnownCopy ofChild, KnownBackup parent, KnownCopy ofParent) =>
        ofChild.IsLive && !decided.Goes(child.Id, ofChild.Target) && BackupGraph.NeededOf(parent, ofChild.Target).Contains(ofParent);
}
