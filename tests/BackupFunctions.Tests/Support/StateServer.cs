namespace BackupFunctions.Tests.Support;

/// <summary>One server for all hosts of these tests; each host has a database of its own in it.</summary>
public sealed class StateServer : IAsyncLifetime
{
    private PostgresServer? _server;

    public async Task InitializeAsync() => _server = await PostgresServer.StartAsync();

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    /// <returns>Connection string of an empty database.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"state_{Guid.NewGuid():N}";
        await _server!.ExecuteAsync($"CREATE DATABASE {name}");
        return _server.ConnectionString(name).Replace("Pooling=False", "Pooling=True", StringComparison.OrdinalIgnoreCase);
    }
}
