namespace BackupFunctions.Contracts.Jobs;

/// <summary>One target's copy of a backup.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Written">Every object and the manifest are there.</param>
/// <param name="Verified">Read back whole, SHA-256 equal.</param>
/// <param name="Error">Why not; null when all is well.</param>
public sealed record CopyResult(string Target, bool Written, bool Verified, string? Error)
{
    /// <summary>Retention lets it go: its data is deleted when the grace is over.</summary>
    public DateTimeOffset? TombstonedAt { get; init; }

    /// <summary>Every object of it is locked by the target until then; null: not locked, or not known.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>Its data is gone, or going, on purpose.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}
