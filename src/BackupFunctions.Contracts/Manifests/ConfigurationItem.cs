namespace BackupFunctions.Contracts.Manifests;

/// <param name="Path">Within the tar, relative, for example server/settings.txt.</param>
/// <param name="Size">Bytes.</param>
public sealed record ConfigurationItem(string Path, long Size);
