namespace BackupFunctions.Storage;

/// <param name="Key">Full key.</param>
/// <param name="VersionId">As the target names it.</param>
/// <param name="Size">Bytes; 0 for the marker of a deletion.</param>
public sealed record StoredVersion(string Key, string VersionId, long Size);
