namespace BackupFunctions.Storage;

/// <param name="Key">Full key.</param>
/// <param name="VersionId">As the target names it; empty where the target keeps no versions.</param>
/// <param name="Size">Bytes; 0 for the marker of a deletion.</param>
public sealed record StoredVersion(string Key, string VersionId, long Size)
{
    /// <summary>It says that the object was deleted and has no content: what lies below is hidden.</summary>
    public bool IsDeletionMarker { get; init; }

    /// <summary>What a reader who names no version gets.</summary>
    public bool IsLatest { get; init; }

    /// <summary>UTC, by the target's clock; orders the versions of a key.</summary>
    public DateTimeOffset LastModified { get; init; }
}
