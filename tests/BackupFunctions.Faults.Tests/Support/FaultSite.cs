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
    private readonly Dictionary<string, FaultProxy> _proxies;

    private FaultSite(FaultFixture fixture, string r2Bucket, string b2Bucket)
    {
        _fixture = fixture;
        Site = new BackupSite(fixture.Server, fixture.Keys, SampleData.Shop, SampleData.Scans);
        Unset("Targets__");
        _proxies = new Dictionary<string, FaultProxy>(StringComparer.Ordinal) { ["r2"] = new(fixture.R2.Port), ["b2"] = new(fixture.B2.Port) };
        LocalFolder = Path.Combine(Site.Folder, "disk", "backups");
        // As an earlier backup left it: a folder that nothing was ever written to counts as a disk that is not mounted.
        new LocalTarget("local", Directory.CreateDirectory(Path.Combine(Site.Folder, "disk")).FullName + "/backups").Prepare();
        Set("R2_BUCKET", r2Bucket, "R2_ENDPOINT", Proxy("r2").Endpoint, "R2_ACCESS_KEY", fixture.R2.AccessKey, "R2_SECRET_KEY", fixture.R2.SecretKey);
        Set("B2_BUCKET_NAME", b2Bucket, "B2_ENDPOINT", Proxy("b2").Endpoint, "B2_REGION", fixture.B2.Region);
        Set("B2_KEY_ID", fixture.B2.AccessKey, "B2_APPLICATION_KEY", fixture.B2.SecretKey, "LOCAL_BACKUP_PATH", LocalFolder);
        Set("STORAGE_ORDER", "r2,b2,local");
        _stores = new Dictionary<string, Store>(StringComparer.Ordinal)
        {
            ["r2"] = new BucketStore(fixture.R2, r2Bucket),
            ["b2"] = new BucketStore(fixture.B2, b2Bucket),
            ["local"] = new FolderStore(LocalFolder),
        };
    }

    /// <summary>Of the targets.</summary>
    public IReadOnlyList<string> Names { get; private set; } = ["r2", "b2", "local"];

    public BackupSite Site { get; }

    public string LocalFolder { get; private set; }

    /// <summary>What nobody may ever read in a message or a log.</summary>
    private IEnumerable<string> Secrets =>
    [
        PostgresServer.SuperuserPassword, _fixture.R2.SecretKey,
        .. new[] { KeyFiles.SigningPrivate, KeyFiles.OperationalPrivate }.Select(name => File.ReadAllLines(_fixture.Keys[name])[1]),
    ];

    public static async Task<FaultSite> CreateAsync(FaultFixture fixture) =>
        new(fixture, await fixture.R2.CreateBucketAsync(), await fixture.B2.CreateBucketAsync());

    /// <summary>Another folder as target local.</summary>
    public void UseFolder(string folder)
    {
        LocalFolder = folder;
        _stores["local"] = new FolderStore(folder);
        Set("LOCAL_BACKUP_PATH", folder);
    }

    /// <summary>A container of Azurite, named az, in the place of b2.</summary>
    public async Task UseAzureAsync()
    {
        var azurite = await _fixture.AzuriteAsync();
        var container = await azurite.CreateContainerAsync();
        _proxies["az"] = new FaultProxy(azurite.Port);
        _stores.Remove("b2");
        _stores["az"] = new ContainerStore(azurite.Client(container));
        Unset("B2_");
        Set("Targets__az__Type", "azure-blob", "Targets__az__Container", container, "Targets__az__AccountName", azurite.AccountName);
        Set("Targets__az__Endpoint", azurite.EndpointAt(Proxy("az").Port).ToString(), "Targets__az__AccountKey", azurite.AccountKey);
        Set("STORAGE_ORDER", "r2,az,local");
        Names = ["r2", "az", "local"];
    }

    public FaultProxy Proxy(string target) => _proxies[target];

    public Store Store(string target) => _stores[target];

    /// <summary>Name, value, name, value.</summary>
    public void Set(params string[] settings)
    {
        foreach (var pair in settings.Chunk(2))
        {
            Site.Settings[pair[0]] = pair[1];
        }
    }

    private void Unset(string prefix)
    {
        foreach (var name in Site.Settings.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList())
        {
            Site.Settings.Remove(name);
        }
    }

    /// <summary>Reads begin at this target.</summary>
    public void ReadFirst(string target) => Set("STORAGE_ORDER", string.Join(',', Names.OrderByDescending(name => name == target)));

    /// <summary>No connection; the disk not mounted.</summary>
    public void TakeDown(string target)
    {
        if (target != "local")
        {
            Proxy(target).GoDown();
        }
        else if (!Directory.Exists(Away))
        {
            Directory.Move(Path.GetDirectoryName(LocalFolder)!, Away);
        }
    }

    /// <summary>For a rule of a proxy.</summary>
    public Task TakeDownAsync(string target)
    {
        TakeDown(target);
        return Task.CompletedTask;
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
        foreach (var proxy in _proxies.Values)
        {
            await proxy.DisposeAsync();
        }

        Site.Dispose();
    }

    private string Away => Path.Combine(Site.Folder, "away");
}
