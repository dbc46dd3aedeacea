using System.Security.Cryptography;
using System.Text;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Settings;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Local;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Jobs.Tests.Retention;

/// <summary>Signed backups on two folders, near and far, that retention runs on. Both keep 30 days; the grace is 14.</summary>
internal sealed class RetentionSite : IDisposable
{
    public const string Cluster = "main";
    public const string Database = "shop";
    public const string System = "7301234567890123456";
    public const int SegmentSize = 16 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly string _privateKey;
    private readonly string _publicKey;

    /// <param name="now">Where the clock begins; any day by default.</param>
    public RetentionSite(DateTimeOffset? now = null)
    {
        Clock = new FakeClock(now ?? new DateTimeOffset(2026, 6, 1, 5, 0, 0, TimeSpan.Zero));
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _privateKey = pair.ExportPkcs8PrivateKeyPem();
        _publicKey = pair.ExportSubjectPublicKeyInfoPem();
        Near = NewTarget("near");
        Far = NewTarget("far");
        Targets = [Near, Far];
    }

    public FakeClock Clock { get; }

    public TestTarget Near { get; }

    public TestTarget Far { get; }

    public IReadOnlyList<IStorageTarget> Targets { get; set; }

    public RecordingReporter Reporter { get; } = new();

    public Dictionary<string, string?> Settings { get; } = new(StringComparer.Ordinal) { ["RETENTION_DAYS"] = "30" };

    public JobEnvironment Environment => new(ReadSettings(), Reporter, Clock, NullLoggerFactory.Instance) { Targets = Targets };

    private StorageCatalog Catalog => new(Cluster, Targets, VerificationKeyRing.FromPems(_publicKey));

    /// <summary>An old backup, and a new one that lets it go.</summary>
    public (string Old, string New) PutOldAndNew() => (PutBackup(ageInDays: 40), PutBackup(ageInDays: 1));

    public string PutBackup(int ageInDays, string database = Database, bool verified = true, params string[] parents) =>
        PutBackup(ageInDays, database, verified, null, tenant: null, parents);

    /// <summary>A base backup from one segment of timeline 1 to the next.</summary>
    public string PutBase(int ageInDays, int segment) => PutBackup(ageInDays, string.Empty, verified: true, segment, tenant: null, []);

    /// <summary>Segments of a receiver of its own, 16 MiB each, with an inventory of them.</summary>
    /// <returns>The epoch's id.</returns>
    public string PutLog(int ageInDays, int firstSegment, int segments)
    {
        var at = Clock.GetUtcNow().AddDays(-ageInDays);
        var epoch = IdOf(at);
        PutEpoch(System, epoch, Position(firstSegment), at);
        var last = new WalInventoryName(epoch, 1, Position(firstSegment + segments));
        List<string> keys = [StorageKeys.WalInventory(Cluster, System, 1, last), StorageKeys.WalInventorySignature(Cluster, System, 1, last)];
        keys.AddRange(Enumerable.Range(firstSegment, segments).Select(segment => SegmentKey(epoch, segment)));
        foreach (var key in keys)
        {
            foreach (var target in Targets)
            {
                Write(target.Name, key, [1]);
                Touch(target.Name, key, at);
            }
        }

        return epoch;
    }

    public static ulong Position(int segment) => (ulong)segment * SegmentSize;

    public static string SegmentKey(string epoch, int segment) =>
        StorageKeys.WalObject(Cluster, System, WalObjectName.Segment(WalSegmentName.Of(1, Position(segment), SegmentSize), epoch, new string('a', 64)));

    /// <summary>Numbers of the segments that a target has.</summary>
    public IReadOnlyList<int> SegmentsOn(string target) =>
    [
        .. FilesBelow(target, StorageKeys.WalTimeline(Cluster, System, 1)).Where(file => file.StartsWith("00000001", StringComparison.Ordinal))
            .Select(file => (int)(WalSegmentName.StartOf(file[..24], SegmentSize) / SegmentSize)),
    ];

    public void DeleteSegment(string target, int segment)
    {
        foreach (var file in Directory.EnumerateFiles(PathOf(target, StorageKeys.WalTimeline(Cluster, System, 1)), WalSegmentName.Of(1, Position(segment), SegmentSize) + "*").ToList())
        {
            File.Delete(file);
        }
    }

    /// <summary>Names of files below a folder of a target.</summary>
    public IReadOnlyList<string> FilesBelow(string target, string folder) => Directory.Exists(PathOf(target, folder))
        ? [.. Directory.EnumerateFiles(PathOf(target, folder), "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)]
        : [];

    public string PublicKey => _publicKey;

    public string PrivateKey => _privateKey;

    /// <summary>Of one tenant alone.</summary>
    public string PutTenant(int ageInDays, string tenant) => PutBackup(ageInDays, Database, verified: true, null, tenant, []);

    private string PutBackup(int ageInDays, string database, bool verified, int? baseSegment, string? tenant, IReadOnlyList<string> parents)
    {
        using var key = SigningKey.FromPem(_privateKey);
        var at = Clock.GetUtcNow().AddDays(-ageInDays);
        var id = IdOf(at);
        var manifest = Manifest(id, at, database, parents, key, baseSegment);
        if (tenant is not null)
        {
            var facts = new TenantFacts { Id = tenant, Mode = TenantMode.Column, Scan = new TenantScan(1, 0, 0, 0) };
            manifest = manifest with { Kind = BackupKind.Tenant, Tenant = facts };
        }

        var document = ManifestCodec.Write(manifest, key);
        foreach (var target in Targets)
        {
            foreach (var item in manifest.Objects)
            {
                Write(target.Name, StorageKeys.Object(Cluster, id, item.Name), new byte[item.Size]);
            }

            Write(target.Name, StorageKeys.ManifestSignature(Cluster, id), document.Signature);
            Write(target.Name, StorageKeys.Manifest(Cluster, id), document.Json);
        }

        if (verified)
        {
            Put(StatementWriter.Verified(manifest, document, [.. Targets.Select(target => target.Name)], at.AddMinutes(5), key), key);
        }

        return id;
    }

    /// <summary>The start of a receiver of a server's log.</summary>
    public void PutEpoch(string systemId, string epochId, ulong start = SegmentSize, DateTimeOffset? at = null)
    {
        using var key = SigningKey.FromPem(_privateKey);
        var document = WalEpochCodec.Write(
            new WalEpoch
            {
                Format = WalEpoch.CurrentFormat,
                Cluster = Cluster,
                EpochId = epochId,
                SystemIdentifier = systemId,
                StartedAt = at ?? Clock.GetUtcNow(),
                ServerVersionNumber = 150020,
                Timeline = 1,
                StartLsn = Lsn.Format(start),
                SegmentSize = SegmentSize,
                Compression = "zstd",
                Encryption = Contracts.Manifests.Manifest.Aes256GcmHkdf1Mb,
                Recipients = [new KeyEnvelope("rsa", new string('a', 64), "RSA-OAEP-256", "AAAA", "operational")],
                SignedBy = key.KeyId,
            },
            key);
        foreach (var target in Targets)
        {
            Write(target.Name, StorageKeys.WalEpoch(Cluster, systemId, epochId), document.Json);
            Write(target.Name, StorageKeys.WalEpochSignature(Cluster, systemId, epochId), document.Signature);
        }
    }

    /// <summary>What a later version of this program may state.</summary>
    public void PutStatementOfTheFuture(string backupId)
    {
        using var key = SigningKey.FromPem(_privateKey);
        var folder = StorageKeys.Statements(Cluster, backupId);
        var json = File.ReadAllText(Directory.GetFiles(PathOf("near", folder), "*-verified.json")[0]).Replace("VERIFIED", "MOVED_TO_TAPE", StringComparison.Ordinal);
        Write("near", folder + "20260531T000000000Z-moved.json", Encoding.UTF8.GetBytes(json));
        Write("near", folder + "20260531T000000000Z-moved.sig", key.Sign(Encoding.UTF8.GetBytes(json)));
    }

    public string PutOrphan(int ageInDays, int writtenDaysAgo)
    {
        var id = IdOf(Clock.GetUtcNow().AddDays(-ageInDays));
        foreach (var target in Targets)
        {
            var key = StorageKeys.Object(Cluster, id, "data/000001.tink");
            Write(target.Name, key, [1, 2, 3]);
            Touch(target.Name, key, Clock.GetUtcNow().AddDays(-writtenDaysAgo));
        }

        return id;
    }

    public void Touch(string target, string key, DateTimeOffset at) => File.SetLastWriteTimeUtc(PathOf(target, key), at.UtcDateTime);

    public void Write(string target, string key, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(target, key))!);
        File.WriteAllBytes(PathOf(target, key), bytes);
    }

    public string PathOf(string target, string key) => Path.Combine(_folder[target], key);

    public void TakeAway(string target) => Directory.Move(_folder[target], _folder[target] + ".away");

    public void BringBack(string target) => Directory.Move(_folder[target] + ".away", _folder[target]);

    public Task<CleanupOutcome> CleanUpAsync(bool dryRun = false) =>
        new CleanupJob(Environment).RunAsync(new CleanupParameters("test", dryRun), CancellationToken.None);

    /// <summary>The grace of what has just been stated, and a second: statements of one run are milliseconds apart.</summary>
    public void PassGrace() => Advance(days: 14);

    public Task<CleanupOutcome> CleanUpAfterAsync(int days)
    {
        Advance(days);
        return CleanUpAsync();
    }

    /// <summary>Files of a backup's folder on both targets.</summary>
    public IReadOnlyList<string> FilesOf(string backupId) => [.. FilesOf("far", backupId), .. FilesOf("near", backupId)];

    public async Task<BackupRecord> RecordAsync(string backupId) =>
        (await Catalog.ListAsync(withDeleted: true, CancellationToken.None)).Backups.Single(backup => backup.BackupId == backupId);

    public async Task<IReadOnlyList<string>> ListedAsync() =>
        [.. (await Catalog.ListAsync(CancellationToken.None)).Backups.Select(backup => backup.BackupId)];

    public IReadOnlyList<string> AllFiles() =>
        [.. new[] { "far", "near" }.SelectMany(target => Directory.EnumerateFiles(_folder[target], "*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Dispose();

    private IEnumerable<string> FilesOf(string target, string backupId)
    {
        var folder = PathOf(target, StorageKeys.Backup(Cluster, backupId));
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => $"{target}:{Path.GetFileName(file)}").Order(StringComparer.Ordinal)
            : [];
    }

    private void Advance(int days) => Clock.Advance(TimeSpan.FromDays(days) + TimeSpan.FromSeconds(1));

    private static string IdOf(DateTimeOffset at) => BackupIds.New(new FakeClock(at));

    private TestTarget NewTarget(string name)
    {
        var local = new LocalTarget(name, _folder[name]);
        local.Prepare();
        return new TestTarget(local);
    }

    private void Put(Statement statement, SigningKey key)
    {
        var document = StatementCodec.Write(statement, key);
        foreach (var target in Targets)
        {
            Write(target.Name, StorageKeys.StatementSignature(statement), document.Signature);
            Write(target.Name, StorageKeys.Statement(statement), document.Json);
        }
    }

    private BackupSettings ReadSettings() => SettingsReader.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>(Settings, StringComparer.Ordinal)
        {
            ["CLUSTER_NAME"] = Cluster,
            ["BACKUP_SIGNING_KEY"] = _privateKey,
            ["BACKUP_VERIFY_KEYS"] = _publicKey,
        })
        .Build());

    private static Manifest Manifest(string backupId, DateTimeOffset at, string database, IReadOnlyList<string> parents, SigningKey key, int? baseSegment) => new()
    {
        Format = Contracts.Manifests.Manifest.CurrentFormat,
        Cluster = Cluster,
        BackupId = backupId,
        Kind = baseSegment is null ? BackupKind.Full : BackupKind.Base,
        Database = database,
        StartedAt = at,
        SnapshotAt = at,
        FinishedAt = at.AddMinutes(1),
        Server = new ServerIdentity("7301234567890123456", "15.20", 150020, Timeline: 1, "0/16B3748"),
        Tools = new Dictionary<string, string>(StringComparer.Ordinal) { ["pg_dump"] = "15.20" },
        Compression = "zstd",
        Encryption = Contracts.Manifests.Manifest.Aes256GcmHkdf1Mb,
        Recipients = [new KeyEnvelope("rsa", new string('a', 64), "RSA-OAEP-256", "AAAA", "operational")],
        Objects = [.. new[] { "contents.tink", "data/000001.tink", baseSegment is null ? "data/000002.tink" : "backup-manifest.tink" }.Select(name =>
            new ManifestObject(name, name.StartsWith("data", StringComparison.Ordinal) ? "data" : Path.GetFileNameWithoutExtension(name), 100, new string('b', 64), ArchiveAad.ForObject(Cluster, backupId, name)))],
        PlainSize = 900,
        StoredSize = 300,
        SignedBy = key.KeyId,
        Sequence = 1,
        Parents = parents,
        Base = baseSegment is not { } segment ? null : new BaseFacts
        {
            Server = "main",
            Label = "pgdr",
            Timeline = 1,
            StartLsn = Lsn.Format(Position(segment) + 40),
            CheckpointLsn = Lsn.Format(Position(segment) + 96),
            StopTimeline = 1,
            StopLsn = Lsn.Format(Position(segment + 1) + 400),
            WalSegmentSize = SegmentSize,
            DataChecksums = true,
        },
    };
}
