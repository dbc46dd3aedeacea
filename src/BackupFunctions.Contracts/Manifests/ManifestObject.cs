namespace BackupFunctions.Contracts.Manifests;

/// <summary>One stored object of a backup.</summary>
/// <param name="Name">Below the backup's folder, for example data/000001.tink.</param>
/// <param name="Role">contents, data, globals or backup-manifest.</param>
/// <param name="Size">Bytes of ciphertext.</param>
/// <param name="Sha256">Hex, of the ciphertext.</param>
/// <param name="Aad">Associated data of the encryption, ASCII: pgdr:v1:cluster:backup id:object name:part.</param>
public sealed record ManifestObject(string Name, string Role, long Size, string Sha256, string Aad);
