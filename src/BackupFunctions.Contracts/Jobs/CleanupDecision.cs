namespace BackupFunctions.Contracts.Jobs;

/// <summary>What retention does with one copy.</summary>
/// <param name="BackupId">The backup.</param>
/// <param name="Database">Its database.</param>
/// <param name="Target">The target that holds the copy.</param>
/// <param name="Action">KEEP, TOMBSTONE, DELETE or BLOCKED.</param>
/// <param name="SnapshotAt">The point in time the backup recovers to.</param>
/// <param name="Reasons">A sentence each.</param>
/// <param name="DeletableAt">End of the grace of its tombstone; null: it has none.</param>
public sealed record CleanupDecision(
    string BackupId, string Database, string Target, string Action, DateTimeOffset SnapshotAt, IReadOnlyList<string> Reasons, DateTimeOffset? DeletableAt);
