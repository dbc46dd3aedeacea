using BackupFunctions.EmbeddedHost.Durable;
using Npgsql;

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

    /// <summary>One value from the state database; $1 is the hub, $2 and so on are the parameters.</summary>
    protected async Task<T?> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = Command(source, sql, parameters);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    /// <summary>A change of the state database; parameters as for <see cref="ScalarAsync"/>.</summary>
    protected async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = Command(source, sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    private NpgsqlCommand Command(NpgsqlDataSource source, string sql, object[] parameters)
    {
        var command = source.CreateCommand(sql);
        foreach (var parameter in parameters.Prepend(Hub))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }

    private void Configure(DurableEngineOptions options, Action<DurableEngineOptions>? configure)
    {
        options.HubName = Hub;
        configure?.Invoke(options);
    }
}
