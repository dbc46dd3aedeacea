namespace BackupFunctions.Contracts.ManualBackups;

/// <summary>What a hook gets when a manual backup has ended. It holds no secrets.</summary>
public sealed record BackupNotice
{
    public const string BackupEnded = "backup.ended";

    /// <summary>Always <see cref="BackupEnded"/>.</summary>
    public string Event { get; init; } = BackupEnded;

    /// <summary>Of the workflow; the same when a notice is delivered twice.</summary>
    public required string InstanceId { get; init; }

    /// <summary>CLUSTER_NAME; null until the notice is sent.</summary>
    public string? Cluster { get; init; }
    public required ManualBackupKind Kind { get; init; }
    public string? Database { get; init; }
    public string? Server { get; init; }
    public required ManualBackupOutcome Status { get; init; }

    /// <summary>Null: there is none, or there are several.</summary>
    public string? BackupId { get; init; }

    /// <summary>Why it is not VERIFIED; null when it is.</summary>
    public string? Cause { get; init; }
    public DateTimeOffset? At { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Seconds; null: it never began.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>Of kind tenant.</summary>
    public TenantCounts? Tenants { get; init; }
}
