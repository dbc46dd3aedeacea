using BackupFunctions.TestSupport;

namespace BackupFunctions.EmbeddedHost.Tests.Support;

/// <summary>One server for all tests of a stored state.</summary>
public sealed class StateServer : IAsyncLifetime
{
    public PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PostgresServer.StartAsync(15, "max_connections = 300");

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"state_{Guid.NewGuid():N}";
        await Server.ExecuteAsync($"CREATE DATABASE {name}");
        return name;
    }

    /// <summary>With a pool, as a host uses it.</summary>
    public string Pooled(string database) =>
        Server.ConnectionString(database).Replace("Pooling=False", "Pooling=True", StringComparison.OrdinalIgnoreCase);
}
