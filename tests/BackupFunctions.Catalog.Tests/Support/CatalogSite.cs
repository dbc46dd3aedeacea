using System.Text.Json;
using BackupFunctions.Catalog.Database;
using BackupFunctions.Catalog.Database.Sync;
using BackupFunctions.Contracts;
using BackupFunctions.JobRunners.Runs;

namespace BackupFunctions.Catalog.Tests.Support;

/// <summary>Storage with three targets, and a catalog of it in a database of its own.</summary>
internal sealed class CatalogSite : IAsyncDisposable
{
    private readonly CatalogServer _server;
    private readonly TemporaryFolder _folder = new();

    public CatalogSite(CatalogServer server, TestKeys keys)
    {
        _server = server;
        Storage = new CatalogFixture(keys);
        DatabaseName = server.NewDatabase();
        Database = server.Open(DatabaseName);
    }

    public CatalogFixture Storage { get; }

    public string DatabaseName { get; }

    public CatalogDatabase Database { get; }

    public List<string> Notices { get; } = [];

    public FakeClock Clock { get; } = new(Documents.Start.AddDays(30));

    public RunStore Runs => new(Path.Combine(_folder.Path, "runs"));

    public CatalogSync Sync => new(Database, Storage.Catalog, Runs, Clock);

    public BackupLists Lists => new(Storage.Catalog, Database, Clock, Notices.Add);

    public Task<SyncSummary> SyncAsync() => Sync.RunAsync(rebuild: false, CancellationToken.None);

    public Task<SyncSummary> RebuildAsync() => Sync.RunAsync(rebuild: true, CancellationToken.None);

    /// <summary>The catalog's list equals that of storage, byte for byte, and came from the catalog.</summary>
    public async Task ShouldListWhatStorageListsAsync()
    {
        foreach (var withDeleted in new[] { false, true })
        {
            Notices.Clear();
            var expected = await Storage.Catalog.ListAsync(withDeleted, CancellationToken.None);
            var found = await Lists.ListAsync(withDeleted, CancellationToken.None);

            Json(found.Backups).ShouldBe(Json(expected.Backups));
            found.Unreadable.ShouldBe(expected.Unreadable);
            found.UnreadableTargets.ShouldBe(expected.UnreadableTargets);
            Notices.Where(notice => notice.Contains("Storage was read", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
        }
    }

    public Task ExecuteAsync(string sql) => _server.Server.ExecuteAsync(sql, DatabaseName);

    public Task<T?> ScalarAsync<T>(string sql) => _server.Server.ScalarAsync<T>(sql, DatabaseName);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _server.Server.ExecuteAsync($"DROP DATABASE IF EXISTS \"{DatabaseName}\" WITH (FORCE)");
        Storage.Dispose();
        _folder.Dispose();
    }

    private static string Json(object value) => JsonSerializer.Serialize(value, ContractJson.Indented);
}
