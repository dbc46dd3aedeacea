using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Tests.Support;

internal static class Documents
{
    public const string Cluster = "main";

    public static readonly DateTimeOffset Start = new(2026, 11, 21, 2, 0, 0, TimeSpan.Zero);

    /// <summary>An id of a day: larger is later.</summary>
    public static string Id(int day, string random = "9f3c01ab") => $"202611{day:00}T020000123Z-{random}";

    public static Manifest Manifest(string backupId, SigningKey signer) => new()
    {
        Format = Contracts.Manifests.Manifest.CurrentFormat,
        Cluster = Cluster,
        BackupId = backupId,
        Kind = BackupKind.Full,
        Database = "shop",
        StartedAt = Start,
        SnapshotAt = Start.AddSeconds(1),
        FinishedAt = Start.AddSeconds(12.34),
        Server = new ServerIdentity("7301234567890123456", "15.20", 150020, Timeline: 1, "0/16B3748"),
        Tools = new Dictionary<string, string>(StringComparer.Ordinal) { ["pg_dump"] = "15.20" },
        Compression = "zstd",
        Encryption = Contracts.Manifests.Manifest.Aes256GcmHkdf1Mb,
        Recipients = [new KeyEnvelope("rsa", new string('a', 64), "RSA-OAEP-256", "AAAA", "operational")],
        Objects = [new ManifestObject("contents.tink", "contents", 100, new string('b', 64), ArchiveAad.ForObject(Cluster, backupId, "contents.tink"))],
        PlainSize = 250,
        StoredSize = 100,
        SignedBy = signer.KeyId,
        Sequence = 1,
    };

    public static Statement Statement(StatementKind kind, SignedDocument manifest, string backupId, SigningKey signer, DateTimeOffset at) => new()
    {
        Format = Contracts.Manifests.Statement.CurrentFormat,
        BackupId = backupId,
        Cluster = Cluster,
        Kind = kind,
        At = at,
        ManifestSha256 = manifest.Sha256,
        Copies = kind == StatementKind.Verified ? ["a", "b"] : [],
        SignedBy = signer.KeyId,
    };
}
