using BackupFunctions.Archive.Keys;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Manifests;

/// <summary>manifest.json and manifest.sig: written once, read by checking the signature before anything is parsed.</summary>
public static class ManifestCodec
{
    /// <summary>Bytes; about 200,000 objects. Do not download more.</summary>
    public const int LargestSize = 64 * 1024 * 1024;

    /// <exception cref="InvalidOperationException">The manifest breaks a rule that its reader checks, or names another signer.</exception>
    public static SignedDocument Write(Manifest manifest, SigningKey key)
    {
        var problem = ManifestRules.FindProblem(manifest)
            ?? (Same(manifest.SignedBy, key.KeyId) ? null : "signed_by is not the key that signs");
        return problem is null
            ? SignedDocument.Create(manifest, key)
            : throw new InvalidOperationException($"The manifest would not be readable: {problem}.");
    }

    /// <param name="cluster">Where it was found; null: not compared.</param>
    /// <param name="backupId">Where it was found; null: not compared.</param>
    /// <exception cref="ArchiveException">
    /// manifest.altered: signature, content or place do not fit; manifest.signer-unknown: signed by a key that is not pinned;
    /// manifest.format-unknown: authentic, but of another version.
    /// </exception>
    public static Manifest Read(
        byte[] json, byte[] signature, VerificationKeyRing keys, string? cluster = null, string? backupId = null)
    {
        var (manifest, signer) = new SignedDocument(json, signature)
            .Open<Manifest>(keys, "manifest", Manifest.CurrentFormat, LargestSize);
        var problem = ManifestRules.FindProblem(manifest)
            ?? (Same(manifest.SignedBy, signer) ? null : "it names another signer than the one it has")
            ?? (cluster is null || Same(cluster, manifest.Cluster) ? null : $"it belongs to cluster {manifest.Cluster}, not {cluster}")
            ?? (backupId is null || Same(backupId, manifest.BackupId) ? null : $"it belongs to backup {manifest.BackupId}, not {backupId}");
        return problem is null ? manifest : throw SignedDocument.Altered("manifest", problem);
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);
}
