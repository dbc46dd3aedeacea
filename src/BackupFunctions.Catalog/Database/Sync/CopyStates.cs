namespace BackupFunctions.Catalog.Database.Sync;

internal static class CopyStates
{
    public const string Written = "WRITTEN";
    public const string Verified = "VERIFIED";
    public const string Quarantined = "QUARANTINED";
    public const string Tombstoned = "TOMBSTONED";
    public const string Deleted = "DELETED";

    /// <summary>A folder without a manifest.</summary>
    public const string Unfinished = "UNFINISHED";

    /// <summary>Its manifest cannot be read or is not good.</summary>
    public const string Unreadable = "UNREADABLE";

    /// <summary>Its folder was there and is not any more.</summary>
    public const string Missing = "MISSING";

    public static string Of(CopyFacts copy) =>
        copy.IsGone ? Deleted
        : copy.Quarantined ? Quarantined
        : copy.TombstonedAt is not null ? Tombstoned
        : copy.Verified ? Verified
        : Written;
}
