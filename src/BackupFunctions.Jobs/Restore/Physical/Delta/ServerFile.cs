namespace BackupFunctions.Jobs.Restore.Physical.Delta;

/// <summary>A file as the server's backup_manifest lists it.</summary>
/// <param name="Path">Below the data directory.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Crc32C">As <see cref="FileChecksum"/> gives it; null: the server made another checksum, or none.</param>
internal sealed record ServerFile(string Path, long Size, string? Crc32C);
