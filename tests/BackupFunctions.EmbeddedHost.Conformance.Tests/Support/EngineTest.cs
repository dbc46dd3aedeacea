using BackupFunctions.EmbeddedHost.Durable;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

/// <summary>A database for the class, a hub in it for the test, and engines on that.</summary>
[Collection(StateServerCollection.Name)]
public abstract class EngineTest(StateServer server) : IAsyncLifetime
{
    private readonly List<EngineHost> _hosts = [];

    protected StateServer Server { get; } = server;

    protected string Hub { get; } = $"hub {Guid.NewGuid():N}";

    protected string ConnectionString { get; private set; } = string.Empty;

    public virtual async Task InitializeAsync() => ConnectionString = await Server.DatabaseOfAsync(GetType());

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
        var host = new EngineHost(ConnectionString, options => Configure(options, configure), time);
        _hosts.Add(host);
        return host;
    }

    private void Configure(DurableEngineOptions options, Action<DurableEngineOptions>? configure)
    {
        options.HubName = Hub;
        configure?.Invoke(options);
    }
}
