using BackupFunctions.Archive.Keys;
using BackupFunctions.Settings;
using BackupFunctions.Storage.Local;
using BackupFunctions.TestSupport;
using BackupFunctions.TestSupport.Faults;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Faults.Tests.Support;

/// <summary>
/// One installation: targets r2 and b2 (a bucket each, behind a proxy that makes faults) and local (a folder), settings as a user writes
/// them, and its jobs.
/// </summary>
internal sealed partial class FaultSite : IAsyncDisposable
{
    private readonly FaultFixture _fixture;
    private readonly Dictionary<string, Store> _stores;

    private FaultSite(FaultFixture fixture, string r2Bucket, string b2Bucket)
    {
        _fixture = fixture;
        Site = new BackupSite(fixture.Server, fixture.Keys, SampleData.Shop, SampleData.Scans);
        foreach (var name in Site.Settings.Keys.Where(name => name.StartsWith("Targets__", StringComparison.Ordinal)).ToList())
        {
            Site.Settings.Remove(name);
        }

        (R2, B2) = (new FaultProxy(fixture.R2.Port), new FaultProxy(fixture.B2.Port));
        LocalFolder = Path.Combine(Site.Folder, "disk", "backups");
        // As an earlier backup left it: a folder that nothing was ever written to counts as a disk that is not mounted.
        new LocalTarget("local", Directory.CreateDirectory(Path.Combine(Site.Folder, "disk")).FullName + "/backups").Prepare();
        Set("R2_BUCKET", r2Bucket, "R2_ENDPOINT", R2.Endpoint, "R2_ACCESS_KEY", fixture.R2.AccessKey, "R2_SECRET_KEY", fixture.R2.SecretKey);
        Set("B2_BUCKET_NAME", b2Bucket, "B2_ENDPOINT", B2.Endpoint, "B2_REGION", fixture.B2.Region);
        Set("B2_KEY_ID", fixture.B2.AccessKey, "B2_APPLICATION_KEY", fixture.B2.SecretKey, "LOCAL_BACKUP_PATH", LocalFolder);
        Set("STORAGE_ORDER", "r2,b2,local", "STORAGE_READ_PATIENCE", "1");
        _stores = new Dictionary<string, Store>(StringComparer.Ordinal)
        {
            ["r2"] = new BucketStore(fixture.R2, r2Bucket),
            ["b2"] = new BucketStore(fixture.B2, b2Bucket),
            ["local"] = new FolderStore(LocalFolder),
        };
    }

    public static IReadOnlyList<string> Names { get; } = ["r2", "b2", "local"];

    public BackupSite Site { get; }

    public FaultProxy R2 { get; }

    public FaultProxy B2 { get; }

    public string LocalFolder { get; }

    /// <summary>What nobody may ever read in a message or a log.</summary>
    private IEnumerable<string> Secrets =>
    [
        PostgresServer.SuperuserPassword, _fixture.R2.SecretKey,
        .. new[] { KeyFiles.SigningPrivate, KeyFiles.OperationalPrivate }.Select(name => File.ReadAllLines(_fixture.Keys[name])[1]),
    ];

    public static async Task<FaultSite> CreateAsync(FaultFixture fixture) =>
        new(fixture, await fixture.R2.CreateBucketAsync(), await fixture.B2.CreateBucketAsync());

    public FaultProxy Proxy(string target) => target switch
    {
        "r2" => R2,
        "b2" => B2,
        _ => throw new ArgumentException($"{target} has no proxy."),
    };

    public Store Store(string target) => _stores[target];

    /// <summary>Name, value, name, value.</summary>
    public void Set(params string[] settings)
    {
        foreach (var pair in settings.Chunk(2))
        {
            Site.Settings[pair[0]] = pair[1];
        }
    }

    /// <summary>Reads begin at this target.</summary>
    public void ReadFirst(string target) => Set("STORAGE_ORDER", string.Join(',', Names.OrderByDescending(name => name == target)));

    /// <summary>No connection; the disk not mounted.</summary>
    public void TakeDown(string target)
    {
        if (target == "local")
        {
            Directory.Move(Path.GetDirectoryName(LocalFolder)!, Away);
        }
        else
        {
            Proxy(target).GoDown();
        }
    }

    /// <summary>The fault ends, of whatever kind it was.</summary>
    public void BringBack(string target)
    {
        if (target != "local")
        {
            Proxy(target).Mend();
        }
        else if (Directory.Exists(Away))
        {
            Directory.Move(Away, Path.GetDirectoryName(LocalFolder)!);
        }
    }

    public async Task PutAsync(PreparedBackup backup)
    {
        foreach (var store in _stores.Values)
        {
            await Task.WhenAll(backup.Objects.Select(item => store.PutAsync(item.Key, item.Value)));
        }
    }

    public BackupSettings ReadSettings() => SettingsReader.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(Site.Settings.Select(setting =>
            KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)))
        .Build());

    public async ValueTask DisposeAsync()
    {
        await R2.DisposeAsync();
        await B2.DisposeAsync();
        Site.Dispose();
    }

    private string Away => Path.Combine(Site.Folder, "away");
}
