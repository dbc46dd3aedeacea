namespace BackupFunctions.Contracts.Jobs;

/// <summary>What retention does with a stretch of a server's log.</summary>
/// <param name="SystemIdentifier">The server.</param>
/// <param name="Timeline">From 1.</param>
/// <param name="FromLsn">Its first byte, for example 0/16000000.</param>
/// <param name="ToLsn">Behind its last byte; FFFFFFFF/FFFFFFFF: to the end, whatever is archived still.</param>
/// <param name="Objects">Objects that it has, each counted once.</param>
/// <param name="Action">KEEP, TOMBSTONE, DELETE or BLOCKED.</param>
/// <param name="Reasons">A sentence each.</param>
/// <param name="DeletableAt">End of its grace; null: that nothing needs it was not stated yet, or something does.</param>
public sealed record WalCleanupDecision(
    string SystemIdentifier, int Timeline, string FromLsn, string ToLsn, int Objects, string Action, IReadOnlyList<string> Reasons, DateTimeOffset? DeletableAt);
