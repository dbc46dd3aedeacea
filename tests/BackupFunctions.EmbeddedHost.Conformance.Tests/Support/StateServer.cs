using BackupFunctions.TestSupport;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

/// <summary>One server for all tests of the engine; each test class has a database of its own in it.</summary>
public sealed class StateServer : IAsyncLifetime
{
    private readonly Dictionary<Type, string> _databases = [];
    private PostgresServer? _server;

    public async Task InitializeAsync() => _server = await PostgresServer.StartAsync(15, "max_connections = 300");

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    /// <returns>Connection string of the database of that test class.</returns>
    public async Task<string> DatabaseOfAsync(Type testClass)
    {
        if (!_databases.TryGetValue(testClass, out var connectionString))
        {
            _databases.Add(testClass, connectionString = await CreateDatabaseAsync());
        }

        return connectionString;
    }

    /// <returns>Connection string of an empty database.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"state_{Guid.NewGuid():N}";
        await _server!.ExecuteAsync($"CREATE DATABASE {name}");
        return _server.ConnectionString(name).Replace("Pooling=False", "Pooling=True", StringComparison.OrdinalIgnoreCase);
    }
}
