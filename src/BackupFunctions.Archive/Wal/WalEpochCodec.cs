using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Wal;

/// <summary>Epochs and their signatures; read by checking the signature before anything is parsed.</summary>
public static class WalEpochCodec
{
    /// <summary>Bytes. Do not download more.</summary>
    public const int LargestSize = 1024 * 1024;

    private const string Kind = "WAL epoch";

    /// <exception cref="InvalidOperationException">The epoch breaks a rule that its reader checks, or names another signer.</exception>
    public static SignedDocument Write(WalEpoch epoch, SigningKey key)
    {
        var problem = FindProblem(epoch) ?? (Same(epoch.SignedBy, key.KeyId) ? null : "signed_by is not the key that signs");
        return problem is null
            ? SignedDocument.Create(epoch, key)
            : throw new InvalidOperationException($"The epoch would not be readable: {problem}.");
    }

    /// <param name="cluster">Where it was found.</param>
    /// <param name="systemIdentifier">Where it was found.</param>
    /// <param name="epochId">Where it was found.</param>
    /// <inheritdoc cref="ManifestCodec.Read" path="/exception"/>
    public static WalEpoch Read(byte[] json, byte[] signature, VerificationKeyRing keys, string cluster, string systemIdentifier, string epochId)
    {
        var (epoch, signer) = new SignedDocument(json, signature).Open<WalEpoch>(keys, Kind, WalEpoch.CurrentFormat, LargestSize);
        var problem = FindProblem(epoch)
            ?? (Same(epoch.SignedBy, signer) ? null : "it names another signer than the one it has")
            ?? (Same(epoch.Cluster, cluster) ? null : $"it belongs to cluster {epoch.Cluster}, not {cluster}")
            ?? (Same(epoch.SystemIdentifier, systemIdentifier) ? null : $"it belongs to server {epoch.SystemIdentifier}, not {systemIdentifier}")
            ?? (Same(epoch.EpochId, epochId) ? null : $"it is epoch {epoch.EpochId}, not {epochId}");
        return problem is null ? epoch : throw SignedDocument.Altered(Kind, problem);
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);

    private static string? FindProblem(WalEpoch epoch) =>
        epoch.Format is not WalEpoch.CurrentFormat ? "its format is not the current one"
        : !ClusterNames.IsValid(epoch.Cluster) ? "its cluster's name is not valid"
        : !BackupIds.IsValid(epoch.EpochId) ? "its id is not valid"
        : epoch.SystemIdentifier is not { Length: > 0 and <= 20 } || !epoch.SystemIdentifier.All(char.IsAsciiDigit) ? "its system identifier is not a number"
        : epoch.Timeline < 1 ? "its timeline is not from 1"
        : epoch.Ancestors.Zip(epoch.Ancestors.Skip(1)).Any(pair => pair.First.Timeline >= pair.Second.Timeline)
            || epoch.Ancestors.Any(ancestor => ancestor.Timeline < 1 || ancestor.Timeline >= epoch.Timeline) ? "its ancestors are not in order"
        : !Lsn.IsValid(epoch.StartLsn) || !epoch.Ancestors.All(ancestor => Lsn.IsValid(ancestor.EndLsn)) ? "a position in it is none"
        : epoch.Gap is { } gap && (gap.FromTimeline < 1 || gap.ToTimeline < gap.FromTimeline || !Lsn.IsValid(gap.FromLsn) || !Lsn.IsValid(gap.ToLsn)) ? "its gap is none"
        : epoch.SegmentSize is < 1 << 20 or > 1 << 30 || !int.IsPow2(epoch.SegmentSize) ? "its segment size is none that PostgreSQL has"
        : !CompressionOptions.TryParse(epoch.Compression, out _) ? "its compression is not known"
        : epoch.Encryption is not StreamingParameters.Name ? "its encryption is not known"
        : !Sha256Hex.IsValid(epoch.SignedBy) ? "its signer is not a key id"
        : epoch.Recipients.Count == 0 ? "it has no recipients, so no key opens it"
        : epoch.Recipients.Select(ManifestRules.FindProblem).FirstOrDefault(problem => problem is not null);
}
