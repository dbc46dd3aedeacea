namespace BackupFunctions.Retention;

/// <summary>What happens to one copy of a backup, and why.</summary>
/// <param name="BackupId">The backup.</param>
/// <param name="Target">The target that holds the copy.</param>
/// <param name="Action">What happens to it.</param>
/// <param name="Reasons">A sentence each, at least one.</param>
public sealed record CopyDecision(string BackupId, string Target, RetentionAction Action, IReadOnlyList<string> Reasons)
{
    /// <summary>It is wanted again: the tombstone that stands is cancelled.</summary>
    public bool CancelsTombstone { get; init; }

    /// <summary>When the grace of its tombstone ends; null: it has none.</summary>
    public DateTimeOffset? DeletableAt { get; init; }
}
