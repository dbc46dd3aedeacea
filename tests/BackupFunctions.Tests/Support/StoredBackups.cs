using System.Security.Cryptography;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage.Local;

namespace BackupFunctions.Tests.Support;

/// <summary>Two targets as folders, near and far, and the catalog of both.</summary>
internal sealed class StoredBackups : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 2, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly SigningKey _key;

    public StoredBackups()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _key = SigningKey.FromPem(pair.ExportPkcs8PrivateKeyPem());
        List<LocalTarget> targets = [new("near", _folder["near"]), new("far", _folder["far"])];
        targets.ForEach(target => target.Prepare());
        Catalog = new StorageCatalog("main", targets, VerificationKeyRing.FromPems(pair.ExportSubjectPublicKeyInfoPem()));
    }

    public StorageCatalog Catalog { get; }

    /// <summary>A disk that is not mounted.</summary>
    public void TakeAway(string target) => Directory.Move(_folder[target], _folder[target] + ".away");

    /// <summary>A signed manifest on near.</summary>
    public void Put(string backupId)
    {
        var document = ManifestCodec.Write(Manifest(backupId), _key);
        Write(StorageKeys.Manifest("main", backupId), document.Json);
        Write(StorageKeys.ManifestSignature("main", backupId), document.Signature);
    }

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    private void Write(string key, byte[] bytes)
    {
        var path = Path.Combine(_folder["near"], key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private Manifest Manifest(string backupId) => new()
    {
        Format = Contracts.Manifests.Manifest.CurrentFormat,
        Cluster = "main",
        BackupId = backupId,
        Kind = BackupKind.Full,
        Database = "shop",
        StartedAt = Start,
        SnapshotAt = Start.AddSeconds(1),
        FinishedAt = Start.AddSeconds(12),
        Server = new ServerIdentity("7301234567890123456", "15.20", 150020, Timeline: 1, "0/16B3748"),
        Tools = new Dictionary<string, string>(StringComparer.Ordinal) { ["pg_dump"] = "15.20" },
        Compression = "zstd",
        Encryption = Contracts.Manifests.Manifest.Aes256GcmHkdf1Mb,
        Recipients = [new KeyEnvelope("rsa", new string('a', 64), "RSA-OAEP-256", "AAAA", "operational")],
        Objects = [new ManifestObject("contents.tink", "contents", 100, new string('b', 64), ArchiveAad.ForObject("main", backupId, "contents.tink"))],
        PlainSize = 250,
        StoredSize = 100,
        SignedBy = _key.KeyId,
        Sequence = 1,
    };
}
