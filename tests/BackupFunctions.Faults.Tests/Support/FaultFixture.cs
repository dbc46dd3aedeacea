using BackupFunctions.Contracts.Backups;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Faults.Tests.Support;

/// <summary>One PostgreSQL server, two Ceph clusters as R2 and B2, one set of keys, databases with known digests and backups of them.</summary>
public sealed class FaultFixture : IAsyncLifetime
{
    private readonly Lazy<Task<AzuriteServer>> _azurite = new(() => AzuriteServer.StartAsync());
    private readonly Lazy<BackupKeys> _otherKeys = new(BackupKeys.OfAStranger);
    private readonly Dictionary<string, string> _digests = new(StringComparer.Ordinal);
    private readonly Lazy<Task<PreparedBackup>> _older;
    private readonly Lazy<Task<PreparedBackup>> _shop;

    public FaultFixture()
    {
        _older = new Lazy<Task<PreparedBackup>>(() => TakeAsync(SampleData.Shop));
        _shop = new Lazy<Task<PreparedBackup>>(() => TakeAsync(SampleData.Shop));
    }

    public PostgresServer Server { get; private set; } = null!;

    public CephGateway R2 { get; private set; } = null!;

    public CephGateway B2 { get; private set; } = null!;

    public BackupKeys Keys { get; } = new();

    /// <summary>Those of somebody whose signing key nobody pinned.</summary>
    public BackupKeys OtherKeys => _otherKeys.Value;

    public async Task InitializeAsync()
    {
        var gateways = Task.WhenAll(CephGateway.StartAsync(), CephGateway.StartAsync());
        Server = await PostgresServer.StartAsync();
        await SampleData.LoadAsync(Server);
        foreach (var database in new[] { SampleData.Shop, SampleData.Scans })
        {
            _digests[database] = await SampleData.DigestAsync(Server, database);
        }

        (R2, B2) = (await gateways)[..] is [var one, var other] ? (one, other) : throw new InvalidOperationException();
    }

    public Task<AzuriteServer> AzuriteAsync() => _azurite.Value;

    /// <summary>What a restored database must have.</summary>
    public string DigestOf(string database) => _digests[database];

    /// <summary>A VERIFIED backup of <see cref="SampleData.Shop"/> on all three targets.</summary>
    internal Task<PreparedBackup> ShopAsync() => _shop.Value;

    /// <summary>One taken before <see cref="ShopAsync"/>'s.</summary>
    internal Task<PreparedBackup> OlderAsync() => _older.Value;

    /// <summary>Empty targets behind proxies.</summary>
    internal Task<FaultSite> NewSiteAsync() => FaultSite.CreateAsync(this);

    /// <summary>Targets that hold the backup of <see cref="ShopAsync"/>.</summary>
    internal async Task<(FaultSite Site, PreparedBackup Backup)> NewSiteWithBackupAsync()
    {
        // In this order, so that the older one is.
        await OlderAsync();
        var backup = await ShopAsync();
        var site = await NewSiteAsync();
        await site.PutAsync(backup);
        return (site, backup);
    }

    public async Task DisposeAsync()
    {
        if (_azurite.IsValueCreated)
        {
            await (await _azurite.Value).DisposeAsync();
        }

        if (_otherKeys.IsValueCreated)
        {
            OtherKeys.Dispose();
        }

        Keys.Dispose();
        await R2.DisposeAsync();
        await B2.DisposeAsync();
        await Server.DisposeAsync();
    }

    private async Task<PreparedBackup> TakeAsync(string database)
    {
        await using var site = await NewSiteAsync();
        var taken = await site.BackUpAsync(database);
        taken.Status.ShouldBe(BackupStatus.Verified);
        return new PreparedBackup(taken.BackupId, database, await site.ObjectsAsync("local"), await site.FetchedDigestAsync(taken.BackupId));
    }
}
