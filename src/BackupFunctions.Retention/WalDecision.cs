using BackupFunctions.Contracts.Logs;

namespace BackupFunctions.Retention;

/// <summary>What happens to a stretch of one server's log.</summary>
/// <param name="Span">Which.</param>
/// <param name="Action">Tombstone: stated now that nothing needs it. Keep with <see cref="DeletableAt"/>: stated, and its grace runs.</param>
/// <param name="Reasons">A sentence each, at least one.</param>
public sealed record WalDecision(LogSpan Span, RetentionAction Action, IReadOnlyList<string> Reasons)
{
    /// <summary>When the grace ends; null: nothing of it has been stated.</summary>
    public DateTimeOffset? DeletableAt { get; init; }

    /// <summary>Objects that it has now, each counted once.</summary>
    public int Objects { get; init; }
}
