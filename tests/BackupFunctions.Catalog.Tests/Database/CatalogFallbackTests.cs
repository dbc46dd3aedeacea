using BackupFunctions.Catalog.Database;
using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Contracts;
using Npgsql;

namespace BackupFunctions.Catalog.Tests.Database;

[Collection(CatalogServerCollection.Name)]
public sealed class CatalogFallbackTests(CatalogServer server, TestKeys keys) : IAsyncDisposable
{
    private readonly CatalogSite _site = new(server, keys);

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task List_DatabaseDropped_IsMadeAnew()
    {
        _site.Storage.PutBackup(Documents.Id(1), "abc");
        await _site.SyncAsync();
        await server.Server.ExecuteAsync($"DROP DATABASE {_site.DatabaseName} WITH (FORCE)");

        await _site.ShouldListWhatStorageListsAsync();
    }

    [Theory]
    [InlineData("DROP SCHEMA catalog CASCADE")]
    [InlineData("DROP TABLE catalog.backups CASCADE")]
    [InlineData("DROP TABLE catalog.entries, catalog.copies, catalog.statements CASCADE")]
    [InlineData("ALTER TABLE catalog.copies DROP COLUMN error CASCADE")]
    [InlineData("TRUNCATE catalog.generations CASCADE")]
    public async Task List_PartsDropped_IsThatOfStorageAndWholeAgainAfterTheNextRebuild(string sql)
    {
        _site.Storage.PutBackup(Documents.Id(1), "abc");
        await _site.SyncAsync();
        await _site.ExecuteAsync(sql);

        var listed = await _site.Lists.ListAsync(withDeleted: false, CancellationToken.None);
        listed.Backups.ShouldHaveSingleItem().BackupId.ShouldBe(Documents.Id(1));

        await _site.RebuildAsync();
        await _site.ShouldListWhatStorageListsAsync();
        (await _site.ScalarAsync<long>("SELECT count(*) FROM catalog.current_copies")).ShouldBe(3);
    }

    [Fact]
    public async Task List_ConnectionCutInTheMiddle_ReadsStorageAndSaysSo()
    {
        for (var day = 1; day <= 9; day++)
        {
            _site.Storage.PutBackup(Documents.Id(day), "abc");
        }

        await _site.SyncAsync();
        await using var proxy = new TcpProxy(server.Server.Port);
        await using var database = new CatalogDatabase(
            new NpgsqlConnectionStringBuilder(server.Server.ConnectionString(_site.DatabaseName)) { Port = proxy.Port, SslMode = SslMode.Disable }.ConnectionString);
        proxy.CutAfter(2000);

        var listed = await new BackupLists(_site.Storage.Catalog, database, _site.Clock, _site.Notices.Add).ListAsync(withDeleted: false, CancellationToken.None);

        listed.Backups.Count.ShouldBe(9);
        _site.Notices.ShouldHaveSingleItem().ShouldEndWith("Storage was read instead.");
    }

    [Fact]
    public async Task List_ServerAway_ReadsStorageAndSaysSoWithoutSecrets()
    {
        _site.Storage.PutBackup(Documents.Id(1), "abc");
        await using var database = new CatalogDatabase($"Host=127.0.0.1;Port={FreePort.Next()};Username=postgres;Password=secret-canary;Database=catalog");

        var listed = await new BackupLists(_site.Storage.Catalog, database, _site.Clock, _site.Notices.Add).ListAsync(withDeleted: false, CancellationToken.None);

        listed.Backups.ShouldHaveSingleItem();
        _site.Notices.ShouldHaveSingleItem().ShouldNotContain("secret-canary");
    }

    [Fact]
    public async Task Sync_WrongPassword_IsSaidWithoutIt()
    {
        await using var database = new CatalogDatabase(server.Server.ConnectionString(_site.DatabaseName, password: "wrong-canary"));

        var refusal = await Should.ThrowAsync<CatalogException>(
            () => new Catalog.Database.Sync.CatalogSync(database, _site.Storage.Catalog, runs: null, _site.Clock).RunAsync(rebuild: false, CancellationToken.None));

        refusal.Code.ShouldBe(ErrorCodes.CatalogUnavailable);
        refusal.Message.ShouldContain("password authentication failed");
        refusal.Message.ShouldNotContain("wrong-canary");
    }

    [Theory]
    [InlineData("nonsense-canary")]
    [InlineData("Host=a;Nonsense=secret-canary")]
    [InlineData("Password=secret-canary")]
    public void Open_NoConnectionString_IsRefusedWithoutQuotingIt(string text)
    {
        var refusal = Should.Throw<PgdrException>(() => new CatalogDatabase(text));

        refusal.Code.ShouldBe(ErrorCodes.InvalidSettings);
        refusal.Message.ShouldContain("CATALOG_CONNECTION");
        refusal.Message.ShouldNotContain("canary");
    }

    [Fact]
    public async Task Sync_NewerSchema_IsRefusedAndListsReadStorage()
    {
        _site.Storage.PutBackup(Documents.Id(1), "abc");
        await _site.SyncAsync();
        await _site.ExecuteAsync("INSERT INTO catalog.versions (version) VALUES (99)");

        var refusal = await Should.ThrowAsync<CatalogException>(() => _site.SyncAsync());
        refusal.Code.ShouldBe(ErrorCodes.StateTooNew);
        refusal.Message.ShouldContain("99");

        (await _site.Lists.ListAsync(withDeleted: false, CancellationToken.None)).Backups.ShouldHaveSingleItem();
        _site.Notices.ShouldHaveSingleItem().ShouldContain("newer release");
    }

    [Fact]
    public async Task List_OtherTargetsThanThoseThatWereRead_AreReadFirst()
    {
        _site.Storage.PutBackup(Documents.Id(1), "abc");
        await _site.SyncAsync();
        var fewer = _site.Storage.With(_site.Storage.Targets.Take(1));

        var listed = await new BackupLists(fewer, _site.Database, _site.Clock, _site.Notices.Add).ListAsync(withDeleted: false, CancellationToken.None);

        listed.Backups.ShouldHaveSingleItem().Copies.ShouldHaveSingleItem().Target.ShouldBe("a");
        await _site.ShouldListWhatStorageListsAsync();
    }
}
