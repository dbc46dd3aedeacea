using System.Security.Cryptography;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage.Local;

namespace BackupFunctions.Benchmarks.Retention;

/// <summary>Storage with many backups: signed manifests of a usual size and signed statements, without the data.</summary>
internal static class StoredHistory
{
    public const string Cluster = "bench";
    public const string Target = "local";

    private const int Databases = 10;
    private const int ObjectsOfABackup = 20;

    public static readonly DateTimeOffset End = new(2026, 11, 21, 5, 0, 0, TimeSpan.Zero);

    public static string TargetFolder(string folder) => Path.Combine(folder, "target");

    public static VerificationKeyRing Keys(string folder) => VerificationKeyRing.FromPems(File.ReadAllText(PublicKeyFile(folder)));

    public static void Seed(string folder, int backups)
    {
        new LocalTarget(Target, TargetFolder(Directory.CreateDirectory(folder).FullName)).Prepare();
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(PublicKeyFile(folder), pair.ExportSubjectPublicKeyInfoPem());
        var pem = pair.ExportPkcs8PrivateKeyPem();
        Parallel.For(0, backups, () => SigningKey.FromPem(pem), (number, _, key) =>
        {
            Put(folder, number, key);
            return key;
        }, key => key.Dispose());
    }

    private static string PublicKeyFile(string folder) => Path.Combine(folder, "signing.public.pem");

    private static void Put(string folder, int number, SigningKey key)
    {
        var at = End.AddDays(-(number / Databases)).AddMinutes(-180 - (number % Databases));
        var manifest = Manifest($"{at:yyyyMMdd'T'HHmmssfff'Z'}-{number:x8}", $"database{number % Databases}", at, key);
        var document = ManifestCodec.Write(manifest, key);
        Write(folder, StorageKeys.Manifest(Cluster, manifest.BackupId), document.Json);
        Write(folder, StorageKeys.ManifestSignature(Cluster, manifest.BackupId), document.Signature);
        var statement = new Statement
        {
            Format = Statement.CurrentFormat,
            BackupId = manifest.BackupId,
            Cluster = Cluster,
            Kind = StatementKind.Verified,
            At = at.AddMinutes(1),
            ManifestSha256 = document.Sha256,
            Copies = [Target],
            SignedBy = key.KeyId,
        };
        var verified = StatementCodec.Write(statement, key);
        Write(folder, StorageKeys.Statement(statement), verified.Json);
        Write(folder, StorageKeys.StatementSignature(statement), verified.Signature);
    }

    private static void Write(string folder, string key, byte[] bytes)
    {
        var path = Path.Combine(TargetFolder(folder), key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private static Manifest Manifest(string backupId, string database, DateTimeOffset at, SigningKey key) => new()
    {
        Format = Contracts.Manifests.Manifest.CurrentFormat,
        Cluster = Cluster,
        BackupId = backupId,
        Kind = BackupKind.Full,
        Database = database,
        StartedAt = at,
        SnapshotAt = at,
        FinishedAt = at.AddMinutes(1),
        Server = new ServerIdentity("7301234567890123456", "15.20", 150020, Timeline: 1, "0/16B3748"),
        Tools = new Dictionary<string, string>(StringComparer.Ordinal) { ["pg_dump"] = "15.20" },
        Compression = "zstd",
        Encryption = Contracts.Manifests.Manifest.Aes256GcmHkdf1Mb,
        Recipients = [.. new[] { "operational", "recovery" }.Select(name => new KeyEnvelope("rsa", new string('a', 64), "RSA-OAEP-256", new string('A', 512), name))],
        Objects = [Object(backupId, ObjectNames.Contents, "contents"), .. Enumerable.Range(1, ObjectsOfABackup).Select(part => Object(backupId, ObjectNames.Data(part), "data"))],
        PlainSize = 1000,
        StoredSize = 100 * (ObjectsOfABackup + 1),
        SignedBy = key.KeyId,
        Sequence = 1,
    };

    private static ManifestObject Object(string backupId, string name, string role) =>
        new(name, role, 100, new string('b', 64), ArchiveAad.ForObject(Cluster, backupId, name));
}
