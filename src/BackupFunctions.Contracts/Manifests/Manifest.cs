using System.Text.Json.Serialization;
using BackupFunctions.Contracts.Backups;

namespace BackupFunctions.Contracts.Manifests;

/// <summary>
/// <c>manifest.json</c>: what a backup is, readable without a key and signed. Names of tables, counts and digests stand in the
/// encrypted <see cref="BackupContents"/> instead. Written last: a backup exists when its manifest does.
/// </summary>
public sealed record Manifest
{
    public const string CurrentFormat = "pgdr-manifest/1";

    /// <summary>Cipher of the objects: Tink's streaming AEAD with segments of 1 MiB.</summary>
    public const string Aes256GcmHkdf1Mb = "AES256_GCM_HKDF_1MB";

    public required string Format { get; init; }
    public required string Cluster { get; init; }

    /// <summary>Identifies this attempt; sorts by start time.</summary>
    public required string BackupId { get; init; }
    public required BackupKind Kind { get; init; }

    /// <summary>Empty for a base backup, which has all databases of its server, and for a configuration: no database is called so.</summary>
    public required string Database { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the snapshot was taken: the point in time this backup recovers to.</summary>
    public required DateTimeOffset SnapshotAt { get; init; }
    public required DateTimeOffset FinishedAt { get; init; }
    public required ServerIdentity Server { get; init; }

    /// <summary>Version of each tool by its name, for example pg_dump: 15.20.</summary>
    public required IReadOnlyDictionary<string, string> Tools { get; init; }

    /// <summary>zstd or gzip.</summary>
    public required string Compression { get; init; }

    /// <summary>Cipher of every object, see facts of the format in docs.</summary>
    public required string Encryption { get; init; }
    public required IReadOnlyList<KeyEnvelope> Recipients { get; init; }
    public required IReadOnlyList<ManifestObject> Objects { get; init; }

    /// <summary>Bytes before compression, all objects.</summary>
    public required long PlainSize { get; init; }

    /// <summary>Bytes as stored in one copy, all objects without manifest and signature.</summary>
    public required long StoredSize { get; init; }

    /// <summary>SHA-256 (hex) of the SubjectPublicKeyInfo of the key that signed this manifest.</summary>
    public required string SignedBy { get; init; }

    /// <summary>Position in this writer's chain of manifests for this database, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>SHA-256 (hex) of this writer's previous manifest for this database; null for the first.</summary>
    public string? PreviousManifestSha256 { get; init; }

    /// <summary>All backups that an incremental one needs, the base backup first, the one it was taken against last; else empty.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>Of a base backup, incremental or not; null for every other kind.</summary>
    public BaseFacts? Base { get; init; }

    /// <summary>
    /// Taken to be kept for months, whatever the policy. All log that a base backup needs to be started was on the required number of targets
    /// before this was written. Left out when false.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Archive { get; init; }

    /// <summary>Of a backup of one tenant; null for every other kind.</summary>
    public TenantFacts? Tenant { get; init; }

    /// <summary>The server, by its name in the settings, whose configuration this is; null for every other kind.</summary>
    public string? ConfigurationOf { get; init; }

    /// <summary>What it is a backup of, as part of a sentence.</summary>
    [JsonIgnore]
    public string Subject => Base is { } of ? $"server {of.Server}"
        : Tenant is { } tenant ? $"tenant '{tenant.Id}' of {Database}"
        : ConfigurationOf is { } server ? $"configuration of server {server}" : Database;
}
