using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Contracts.DisasterRecovery;

/// <summary>Output of the workflow, and the report that is kept after the instance is purged.</summary>
public sealed record DisasterRecoveryReport
{
    public required DateTime StartTime { get; init; }
    public required string Database { get; init; }
    public string? BackupId { get; init; }
    public required string Reason { get; init; }
    public string? InitiatedBy { get; init; }
    public required IReadOnlyList<RecoveryStep> Steps { get; init; }
    public required bool Success { get; init; }
    public required double DurationSeconds { get; init; }
    public required string RestoreLogId { get; init; }

    /// <summary>The point in time the database now stands at; what was committed later is not in it.</summary>
    public DateTimeOffset? RecoveredTo { get; init; }

    /// <summary>Seconds of work lost: start of the recovery minus <see cref="RecoveredTo"/>.</summary>
    public double? RpoSeconds { get; init; }
    public ObjectiveStatus? RpoStatus { get; init; }

    /// <summary>Of <see cref="DurationSeconds"/>; null when the recovery did not succeed.</summary>
    public ObjectiveStatus? RtoStatus { get; init; }

    /// <summary>Null when a stored dump was restored.</summary>
    public RecoveredPoint? Point { get; init; }
    public string? KeptDatabase { get; init; }
    public int? Tables { get; init; }
    public long? Rows { get; init; }
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
