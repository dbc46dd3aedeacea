namespace BackupFunctions.Catalog;

/// <summary>One copy of a backup as the statements describe it.</summary>
public sealed record CopyFacts(string Target)
{
    /// <summary>Read back and matched, and not quarantined since.</summary>
    public bool Verified { get; init; }
    public bool Quarantined { get; init; }

    /// <summary>When it was last found good or not good; null when never.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>When the tombstone that stands was signed.</summary>
    public DateTimeOffset? TombstonedAt { get; init; }

    /// <summary>When the deletion of its data began: from then on it is no copy.</summary>
    public DateTimeOffset? DeletionStartedAt { get; init; }

    /// <summary>When the deletion of its data had ended.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    public DateTimeOffset? GoneAt => DeletedAt ?? DeletionStartedAt;

    public bool IsGone => GoneAt is not null;
}
