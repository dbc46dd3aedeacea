namespace BackupFunctions.Storage;

/// <param name="Key">Full key.</param>
/// <param name="Size">Bytes.</param>
/// <param name="LastModified">UTC, by the target's clock.</param>
public sealed record StoredObject(string Key, long Size, DateTimeOffset LastModified);
