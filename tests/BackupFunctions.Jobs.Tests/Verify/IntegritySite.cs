using System.Security.Cryptography;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Settings;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Local;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Jobs.Tests.Verify;

/// <summary>Signed backups of random bytes on three folders, near, far and off, that integrity checks run on.</summary>
internal sealed class IntegritySite : IDisposable
{
    public const string Cluster = "main";
    public const string Contents = "contents.tink";
    public const string Data = "data/000001.tink";

    private readonly TemporaryFolder _folder = new();
    private readonly string _privateKey;
    private readonly string _publicKey;

    /// <param name="now">A time at which the site begins; null: any.</param>
    public IntegritySite(DateTimeOffset? now = null)
    {
        Clock = new FakeClock(now ?? new DateTimeOffset(2026, 6, 1, 5, 0, 0, TimeSpan.Zero));
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _privateKey = pair.ExportPkcs8PrivateKeyPem();
        _publicKey = pair.ExportSubjectPublicKeyInfoPem();
        Targets = [NewTarget("near"), NewTarget("far"), NewTarget("off")];
    }

    public static IReadOnlyList<string> Names { get; } = ["near", "far", "off"];

    public FakeClock Clock { get; }

    public IReadOnlyList<TestTarget> Targets { get; }

    /// <summary>In place of <see cref="Targets"/>, whose folders stay where backups are made.</summary>
    public IReadOnlyList<IStorageTarget>? Storage { get; set; }

    public RecordingReporter Reporter { get; } = new();

    public Dictionary<string, string?> Settings { get; } = new(StringComparer.Ordinal);

    public VerificationKeyRing Keys => VerificationKeyRing.FromPems(_publicKey);

    public StorageCatalog Catalog => new(Cluster, Storage ?? Targets, Keys);

    public SigningKey Signer => SigningKey.FromPem(_privateKey);

    public JobEnvironment Environment => new(ReadSettings(), Reporter, Clock, NullLoggerFactory.Instance) { Targets = Storage ?? Targets };

    public TestTarget Target(string name) => Targets.Single(target => target.Name == name);

    /// <summary>A verified backup on all targets, or a completed one on some.</summary>
    public string PutBackup(double ageInDays = 2, bool verified = true, params string[] on)
    {
        using var key = SigningKey.FromPem(_privateKey);
        var holders = on is [] ? Names : on;
        var at = Clock.GetUtcNow().AddDays(-ageInDays);
        var id = BackupIds.New(new FakeClock(at));
        var objects = new[] { Contents, Data, "data/000002.tink" }.ToDictionary(name => name, _ => RandomNumberGenerator.GetBytes(300_000), StringComparer.Ordinal);
        var manifest = Manifest(id, at, objects, key);
        var document = ManifestCodec.Write(manifest, key);
        foreach (var target in holders)
        {
            foreach (var (name, bytes) in objects)
            {
                Write(target, StorageKeys.Object(Cluster, id, name), bytes);
            }

            Write(target, StorageKeys.ManifestSignature(Cluster, id), document.Signature);
            Write(target, StorageKeys.Manifest(Cluster, id), document.Json);
        }

        if (verified)
        {
            Put(StatementWriter.Verified(manifest, document, holders, at.AddMinutes(5), key), holders);
        }

        return id;
    }

    public async Task PutStatementAsync(string backupId, StatementKind kind, DateTimeOffset at, params string[] copies)
    {
        var stored = (await Catalog.FindAsync(backupId, CancellationToken.None))!;
        using var key = SigningKey.FromPem(_privateKey);
        Put(StatementWriter.Verified(stored.Manifest, stored.Document, copies, at, key) with { Kind = kind }, Names);
    }

    public async Task<VerifyCopiesResult> CheckAsync(bool repair, params string[] ids) => await CheckAsync(repair, CancellationToken.None, ids);

    public Task<VerifyCopiesResult> CheckAsync(bool repair, CancellationToken cancellationToken, params string[] ids) =>
        RunAsync(new VerifyCopiesParameters("test", ids, Repair: repair), cancellationToken);

    /// <summary>As the workflow does whose backup has just ended.</summary>
    public Task<VerifyCopiesResult> FinishAsync(string id) =>
        RunAsync(new VerifyCopiesParameters("test", [id], Repair: true) { Ended = true }, CancellationToken.None);

    public async Task<BackupRecord> RecordAsync(string backupId) =>
        (await Catalog.ListAsync(withDeleted: true, CancellationToken.None)).Backups.Single(backup => backup.BackupId == backupId);

    public async Task<CopyResult> CopyAsync(string backupId, string target) => (await RecordAsync(backupId)).Copies.Single(copy => copy.Target == target);

    public static string KeyOf(string backupId, string file) => StorageKeys.Backup(Cluster, backupId) + file;

    public string PathOf(string target, string key) => Path.Combine(_folder[target], key);

    public byte[] Read(string target, string backupId, string file) => File.ReadAllBytes(PathOf(target, KeyOf(backupId, file)));

    public void Write(string target, string key, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(target, key))!);
        File.WriteAllBytes(PathOf(target, key), bytes);
    }

    public void Flip(string target, string backupId, string file)
    {
        var bytes = Read(target, backupId, file);
        bytes[bytes.Length / 2] ^= 1;
        Write(target, KeyOf(backupId, file), bytes);
    }

    public void Delete(string target, string backupId, string file) => File.Delete(PathOf(target, KeyOf(backupId, file)));

    public void TakeAway(string target) => Directory.Move(_folder[target], _folder[target] + ".away");

    public void BringBack(string target) => Directory.Move(_folder[target] + ".away", _folder[target]);

    /// <summary>Every file of one target's copy, by name, with its hash.</summary>
    public IReadOnlyDictionary<string, string> CopyOf(string target, string backupId)
    {
        var folder = PathOf(target, StorageKeys.Backup(Cluster, backupId));
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
                file => Path.GetRelativePath(folder, file), file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))), StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal);
    }

    public IReadOnlyList<string> StatementsOn(string target, string backupId)
    {
        var folder = PathOf(target, StorageKeys.Statements(Cluster, backupId));
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)] : [];
    }

    public void Dispose() => _folder.Dispose();

    private void Put(Statement statement, IEnumerable<string> targets)
    {
        using var key = SigningKey.FromPem(_privateKey);
        var document = StatementCodec.Write(statement, key);
        foreach (var target in targets)
        {
            Write(target, StorageKeys.StatementSignature(statement), document.Signature);
            Write(target, StorageKeys.Statement(statement), document.Json);
        }
    }

    private Task<VerifyCopiesResult> RunAsync(VerifyCopiesParameters parameters, CancellationToken cancellationToken) =>
        new VerifyCopiesJob(Environment).RunAsync(parameters, cancellationToken);

    private TestTarget NewTarget(string name)
    {
        var local = new LocalTarget(name, _folder[name]);
        local.Prepare();
        return new TestTarget(local);
    }

    private BackupSettings ReadSettings() => SettingsReader.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>(Settings, StringComparer.Ordinal)
        {
            ["CLUSTER_NAME"] = Cluster,
            ["BACKUP_SIGNING_KEY"] = _privateKey,
            ["BACKUP_VERIFY_KEYS"] = _publicKey,
        })
        .Build());

    private static Manifest Manifest(string backupId, DateTimeOffset at, Dictionary<string, byte[]> objects, SigningKey key) => new()
    {
        Format = Contracts.Manifests.Manifest.CurrentFormat,
        Cluster = Cluster,
        BackupId = backupId,
        Kind = BackupKind.Full,
        Database = "shop",
        StartedAt = at,
        SnapshotAt = at,
        FinishedAt = at.AddMinutes(1),
        Server = new ServerIdentity("7301234567890123456", "15.20", 150020, Timeline: 1, "0/16B3748"),
        Tools = new Dictionary<string, string>(StringComparer.Ordinal) { ["pg_dump"] = "15.20" },
        Compression = "zstd",
        Encryption = Contracts.Manifests.Manifest.Aes256GcmHkdf1Mb,
        Recipients = [new KeyEnvelope("rsa", new string('a', 64), "RSA-OAEP-256", "AAAA", "operational")],
        Objects =
        [
            .. objects.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => new ManifestObject(
                item.Key, item.Key == Contents ? "contents" : "data", item.Value.Length, Convert.ToHexStringLower(SHA256.HashData(item.Value)),
                ArchiveAad.ForObject(Cluster, backupId, item.Key))),
        ],
        PlainSize = 900_000,
        StoredSize = 900_000,
        SignedBy = key.KeyId,
        Sequence = 1,
    };
}
