using BackupFunctions.Catalog.Database;

namespace BackupFunctions.Catalog.Tests.Support;

/// <summary>A real server; each test takes a database of its own, which does not exist yet.</summary>
public sealed class CatalogServer : IAsyncLifetime
{
    private int _databases;

    public PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PostgresServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public string NewDatabase() => $"catalog_{Interlocked.Increment(ref _databases)}";

    public CatalogDatabase Open(string database) => new(Server.ConnectionString(database));
}
