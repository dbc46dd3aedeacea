namespace BackupFunctions.EmbeddedHost.Keys;

/// <summary>Outcome of a change to the keys.</summary>
internal enum KeyChange
{
    Created,
    Updated,
    Deleted,
    Unknown,

    /// <summary>The key comes from the settings, which this host does not write.</summary>
    GivenBySetting,
}
