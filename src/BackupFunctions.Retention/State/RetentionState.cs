namespace BackupFunctions.Retention.State;

/// <summary>Everything that is known of what storage holds, and what is not known.</summary>
public sealed record RetentionState
{
    public required IReadOnlyList<KnownBackup> Backups { get; init; }
    public IReadOnlyList<KnownWal> Wal { get; init; } = [];
    public IReadOnlyList<KnownEpoch> Epochs { get; init; } = [];

    /// <summary>Newest first, as far back as one that is older than the grace.</summary>
    public IReadOnlyList<KnownExpiry> Expiries { get; init; } = [];
    public IReadOnlyList<KnownTimeline> Timelines { get; init; } = [];
    public IReadOnlyList<Lease> Leases { get; init; } = [];
    public IReadOnlyList<UnknownFact> Unknowns { get; init; } = [];
}
