using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Contracts.ManualBackups;

/// <summary>How a manual backup ended.</summary>
public sealed record ManualBackupResult
{
    public required ManualBackupKind Kind { get; init; }
    public string? Database { get; init; }
    public string? Server { get; init; }
    public required ManualBackupOutcome Status { get; init; }

    /// <summary>Null: there is none, or there are several, of tenants.</summary>
    public string? BackupId { get; init; }

    /// <summary>Why it is not VERIFIED: what failed, or who canceled it; null when it is.</summary>
    public string? Cause { get; init; }

    /// <summary>When it was to begin; null: at once.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>When it began; null: it never did.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Seconds from its beginning to its end, the wait for its turn included.</summary>
    public double? DurationSeconds { get; init; }
    public IReadOnlyList<CopyResult> Copies { get; init; } = [];

    /// <summary>Bytes before compression.</summary>
    public long? PlainSize { get; init; }

    /// <summary>Bytes of one copy.</summary>
    public long? StoredSize { get; init; }

    /// <summary>Of kind tenant.</summary>
    public TenantBackupResult? Tenants { get; init; }

    /// <summary>What the reader should know all the same: a missing copy, a hook that does not answer.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
