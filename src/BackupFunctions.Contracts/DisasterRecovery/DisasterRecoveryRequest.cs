using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Contracts.DisasterRecovery;

/// <summary>Input of the disaster recovery workflow.</summary>
public sealed record DisasterRecoveryRequest
{
    public required string Database { get; init; }

    /// <summary>Null: <see cref="Point"/>, or else the newest point that can be recovered.</summary>
    public string? BackupId { get; init; }

    /// <summary>By base backup and log; not together with a backup id.</summary>
    public WantedPoint? Point { get; init; }

    /// <summary>A server named in the settings; null: the database's own.</summary>
    public string? TargetServer { get; init; }
    public required string Reason { get; init; }
    public string? InitiatedBy { get; init; }

    /// <summary>Proof that the start was confirmed; good for one recovery. Without it the workflow refuses to begin.</summary>
    public string? Confirmation { get; init; }
}
