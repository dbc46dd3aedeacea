using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Cli.Merge;

/// <summary>What pgdr merge prints and writes.</summary>
internal sealed record MergeSummary(
    string BackupId, DateTimeOffset SnapshotAt, string Database, string Server, string? UndoBackupId, IReadOnlyList<MergeResult> Merges, IReadOnlyList<TenantFailure> Failures)
{
    /// <summary>False: something stops it, for a tenant at least.</summary>
    public bool IsClear => Failures.Count == 0 && Merges.All(static merge => merge.Blockers.Count == 0);
}
