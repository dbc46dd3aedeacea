using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Tests.Support;

internal static class TestManifests
{
    public const string Cluster = "main";
    public const string BackupId = "20261121T020000123Z-9f3c01ab";

    public static string Hash { get; } = new('a', 64);

    public static BaseFacts Facts { get; } = new()
    {
        Server = "main",
        Label = "pgdr",
        Timeline = 3,
        StartLsn = "0/6000028",
        CheckpointLsn = "0/6000060",
        StopTimeline = 3,
        StopLsn = "0/6000100",
        WalSegmentSize = 16 << 20,
        DataChecksums = true,
    };

    public static ManifestObject Object(string name, string role, long size = 100) =>
        new(name, role, size, Hash, ArchiveAad.ForObject(Cluster, BackupId, name));

    public static Manifest Create(
        SigningKey signer, IReadOnlyList<ManifestObject>? objects = null, IReadOnlyList<KeyEnvelope>? recipients = null, string compression = "zstd")
    {
        objects ??= [Object(ObjectNames.Contents, "contents"), Object(ObjectNames.Data(1), "data")];
        return new Manifest
        {
            Format = Manifest.CurrentFormat,
            Cluster = Cluster,
            BackupId = BackupId,
            Kind = BackupKind.Full,
            Database = "Größe",
            StartedAt = new DateTimeOffset(2026, 11, 21, 2, 0, 0, TimeSpan.Zero),
            SnapshotAt = new DateTimeOffset(2026, 11, 21, 2, 0, 1, TimeSpan.Zero),
            FinishedAt = new DateTimeOffset(2026, 11, 21, 2, 5, 0, TimeSpan.Zero),
            Server = new ServerIdentity("7301234567890123456", "15.20", 150020, 1, null),
            Tools = new Dictionary<string, string>(StringComparer.Ordinal) { ["pg_dump"] = "15.20" },
            Compression = compression,
            Encryption = "AES256_GCM_HKDF_1MB",
            Recipients = recipients ?? [new KeyEnvelope("rsa", Hash, "RSA-OAEP-256", "AAAA", "recovery")],
            Objects = objects,
            PlainSize = 1000,
            StoredSize = objects.Sum(item => item.Size),
            SignedBy = signer.KeyId,
            Sequence = 1,
        };
    }
}
