using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Contracts.Merges;

/// <summary>What a merge did, or would do: output of its workflow, and of pgdr merge. Counts of rows, never what is in them.</summary>
public sealed record MergeRestoreReport
{
    public required string BackupId { get; init; }

    /// <summary>The point in time that the rows are of.</summary>
    public required DateTimeOffset SnapshotAt { get; init; }
    public required string Database { get; init; }
    public required string Server { get; init; }

    /// <summary>The database before the merge; null where nothing was to be written, or none was wanted.</summary>
    public string? UndoBackupId { get; init; }

    /// <summary>One, or one for each tenant that did not fail.</summary>
    public required IReadOnlyList<MergeResult> Merges { get; init; }

    /// <summary>Tenants whose merge failed, with the cause.</summary>
    public required IReadOnlyList<TenantFailure> Failures { get; init; }

    /// <summary>False: something stops it, for a tenant at least.</summary>
    public bool Success => Failures.Count == 0 && Merges.All(static merge => merge.Blockers.Count == 0);

    /// <summary>Set where log was replayed.</summary>
    public RecoveredPoint? Point { get; init; }

    /// <summary>Of a workflow, as everything that follows.</summary>
    public string? RestoreId { get; init; }
    public string? Reason { get; init; }
    public string? InitiatedBy { get; init; }
    public DateTime? StartTime { get; init; }
    public double? DurationSeconds { get; init; }
    public IReadOnlyList<RecoveryStep>? Steps { get; init; }
    public IReadOnlyList<string>? Warnings { get; init; }
}
