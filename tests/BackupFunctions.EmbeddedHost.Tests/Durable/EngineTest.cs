using BackupFunctions.EmbeddedHost.Durable;

namespace BackupFunctions.EmbeddedHost.Tests.Durable;

/// <summary>A database for the class, and engines on it that end with the test.</summary>
[Collection(StateServerCollection.Name)]
public abstract class EngineTest(StateServer server) : IAsyncLifetime
{
    private readonly List<EngineHost> _hosts = [];

    protected string ConnectionString { get; private set; } = string.Empty;

    public virtual async Task InitializeAsync() => ConnectionString = await server.CreateDatabaseAsync();

    public virtual async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>An engine that is not started yet.</summary>
    internal EngineHost NewHost(Action<DurableEngineOptions>? configure = null, TimeProvider? time = null)
    {
        var host = new EngineHost(ConnectionString, configure, time);
        _hosts.Add(host);
        return host;
    }
}
