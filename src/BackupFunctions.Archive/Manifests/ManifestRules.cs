using System.Buffers.Text;
using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Manifests;

/// <summary>What a manifest must keep to beyond its types; the same on both sides.</summary>
internal static class ManifestRules
{
    private const string ContentsRole = "contents";
    private const string BackupManifestRole = "backup-manifest";

    /// <returns>The first rule it breaks, as part of a sentence; null when it is sound.</returns>
    public static string? FindProblem(Manifest manifest) =>
        FindProblemOfIdentity(manifest)
        ?? (manifest.Recipients.Count == 0 ? "it has no recipients, so no key opens it" : null)
        ?? manifest.Recipients.Select(FindProblem).FirstOrDefault(problem => problem is not null)
        ?? FindProblemOfObjects(manifest);

    public static string? FindProblem(KeyEnvelope envelope) =>
        envelope is not { Type.Length: > 0, Algorithm.Length: > 0 } ? "a recipient has no type or algorithm"
        : !Sha256Hex.IsValid(envelope.KeyId) ? "a recipient's key id is not a SHA-256"
        : envelope.WrappedKey is not { Length: > 0 } || !Base64.IsValid(envelope.WrappedKey) ? "a recipient's wrapped key is not base64"
        : null;

    private static string? FindProblemOfIdentity(Manifest manifest) =>
        manifest.Format is not Manifest.CurrentFormat ? "its format is not the current one"
        : !ClusterNames.IsValid(manifest.Cluster) ? "its cluster's name is not valid"
        : !BackupIds.IsValid(manifest.BackupId) ? "its backup id is not valid"
        : !CompressionOptions.TryParse(manifest.Compression, out _) ? "its compression is not known"
        : manifest.Encryption is not StreamingParameters.Name ? "its encryption is not known"
        : !Sha256Hex.IsValid(manifest.SignedBy) ? "its signer is not a key id"
        : manifest.Sequence < 1 ? "its sequence does not start at 1"
        : manifest.PreviousManifestSha256 is { } previous && !Sha256Hex.IsValid(previous) ? "its link to the previous manifest is not a SHA-256"
        : manifest.Parents.Any(parent => !BackupIds.IsValid(parent)) ? "the id of a parent is not valid"
        : manifest.PlainSize < 0 ? "its plain size is negative"
        : manifest.Kind is BackupKind.Tenant != manifest.Tenant is not null ? "its kind does not go with its tenant"
        : manifest.Tenant is { } tenant && string.IsNullOrWhiteSpace(tenant.Id) ? "its tenant has no name"
        : FindProblemOfBase(manifest);

    private static string? FindProblemOfBase(Manifest manifest) =>
        manifest.Kind is BackupKind.Base or BackupKind.Incremental != manifest.Base is not null ? "its kind does not go with its positions in the log"
        : manifest.Kind is BackupKind.Incremental && manifest.Parents.Count == 0 ? "it is incremental and has no parent"
        : manifest.Kind is BackupKind.Base && manifest.Parents.Count > 0 ? "it is a whole base backup and has a parent"
        : manifest.Kind is BackupKind.Configuration != manifest.ConfigurationOf is { Length: > 0 } ? "its kind does not go with the server that it names"
        : manifest.Kind is BackupKind.Configuration && manifest.Database.Length > 0 ? "a configuration is not of one database"
        : manifest.Base is not { } facts ? null
        : manifest.Database.Length > 0 ? "a base backup is not of one database"
        : manifest.Server.SystemIdentifier is not { Length: > 0 } system || !system.All(char.IsAsciiDigit) ? "its server's system identifier is missing"
        : facts.Timeline < 1 || facts.StopTimeline < facts.Timeline ? "its timelines are not valid"
        : !Lsn.TryParse(facts.StartLsn, out var start) || !Lsn.TryParse(facts.StopLsn, out var stop) || !Lsn.IsValid(facts.CheckpointLsn) || stop <= start
            ? "its positions in the log are not valid"
        : facts.WalSegmentSize is < 1 << 20 or > 1 << 30 || !int.IsPow2(facts.WalSegmentSize) ? "its segment size is not valid"
        : null;

    private static string? FindProblemOfObjects(Manifest manifest)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        long stored = 0;
        foreach (var item in manifest.Objects)
        {
            if (FindProblem(item, manifest) is { } problem)
            {
                return problem;
            }

            if (!names.Add(item.Name))
            {
                return $"it lists {item.Name} twice";
            }

            if (item.Size > long.MaxValue - stored)
            {
                return "its sizes exceed what a number holds";
            }

            stored += item.Size;
        }

        return manifest.Objects.Count(item => item.Role is ContentsRole) != 1 ? "it does not list exactly one contents object"
            : manifest.Objects.Count(item => item.Role is BackupManifestRole) != (manifest.Base is null ? 0 : 1) ? "its list of the server's files is not where it belongs"
            : stored != manifest.StoredSize ? "its stored size is not the sum of its objects"
            : null;
    }

    private static string? FindProblem(ManifestObject item, Manifest manifest) =>
        // The name itself may be hostile text: it is not repeated.
        !ObjectNames.IsValid(item.Name) ? "it lists an object whose name is not allowed"
        : item.Role is not (ContentsRole or "data" or "globals" or BackupManifestRole) ? $"the role of {item.Name} is not known"
        : item.Size < 0 ? $"the size of {item.Name} is negative"
        : !Sha256Hex.IsValid(item.Sha256) ? $"the hash of {item.Name} is not a SHA-256"
        : !ArchiveAad.Matches(item.Aad, manifest.Cluster, manifest.BackupId, item.Name) ? $"the associated data of {item.Name} is not its own"
        : null;
}
