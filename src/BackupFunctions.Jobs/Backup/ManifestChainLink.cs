namespace BackupFunctions.Jobs.Backup;

/// <param name="Sequence">Of the manifest written last.</param>
/// <param name="Sha256">Its SHA-256, hex.</param>
internal sealed record ManifestChainLink(long Sequence, string? Sha256);
