using System.Security.Cryptography;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Local;

namespace BackupFunctions.Benchmarks.Retention;

/// <summary>Three targets with many backups: signed manifests of a usual size and signed statements, without the data; and archived log.</summary>
internal static class StoredHistory
{
    public const string Cluster = "bench";

    private const int Databases = 10;
    private const int ObjectsOfABackup = 20;

    public static readonly DateTimeOffset End = new(2026, 11, 21, 5, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<string> TargetNames { get; } = ["local", "near", "far"];

    public static IReadOnlyList<IStorageTarget> Targets(string folder) => [.. TargetNames.Select(name => new LocalTarget(name, TargetFolder(folder, name)))];

    public static VerificationKeyRing Keys(string folder) => VerificationKeyRing.FromPems(File.ReadAllText(PublicKeyFile(folder)));

    public static void Seed(string folder, int backups, int segments)
    {
        foreach (var name in TargetNames)
        {
            new LocalTarget(name, TargetFolder(Directory.CreateDirectory(folder).FullName, name)).Prepare();
        }

        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(PublicKeyFile(folder), pair.ExportSubjectPublicKeyInfoPem());
        var pem = pair.ExportPkcs8PrivateKeyPem();
        Parallel.For(0, backups, () => SigningKey.FromPem(pem), (number, _, key) =>
        {
            Put(folder, number, key);
            return key;
        }, key => key.Dispose());
        using var signer = SigningKey.FromPem(pem);
        StoredLog.Put(folder, segments, signer);
    }

    /// <summary>To every target.</summary>
    public static void Write(string folder, string key, byte[] bytes, DateTimeOffset? at = null)
    {
        foreach (var name in TargetNames)
        {
            var path = Path.Combine(TargetFolder(folder, name), key);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
            if (at is { } time)
            {
                File.SetLastWriteTimeUtc(path, time.UtcDateTime);
            }
        }
    }

    private static string TargetFolder(string folder, string name) => Path.Combine(folder, name);

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
            Copies = TargetNames,
            SignedBy = key.KeyId,
        };
        var verified = StatementCodec.Write(statement, key);
        Write(folder, StorageKeys.Statement(statement), verified.Json);
        Write(folder, StorageKeys.StatementSignature(statement), verified.Signature);
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
