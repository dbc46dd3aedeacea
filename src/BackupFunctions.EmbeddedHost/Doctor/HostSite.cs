using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Builder;
using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.PrivateCluster;
using BackupFunctions.EmbeddedHost.Settings;
using BackupFunctions.EmbeddedHost.State;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>A host's settings and state, found as the host itself finds them, for who looks at it from outside.</summary>
internal sealed class HostSite : IAsyncDisposable
{
    private readonly ConfigurationManager _configuration = new();
    private readonly HostSettings _settings;
    private readonly IStateDatabase _state;

    /// <param name="environment">Where the host's files are.</param>
    /// <param name="time">For waits.</param>
    /// <param name="loggers">For what the private server has to say.</param>
    /// <exception cref="PgdrException">A setting makes no sense; names it.</exception>
    public HostSite(HostEnvironment environment, TimeProvider time, ILoggerFactory loggers)
    {
        HostJson = HostJson.Read(Path.Combine(environment.ContentRoot, "host.json"));
        HostConfiguration.Load(_configuration, HostJson, environment.ContentRoot, environment.SettingsFile, []);
        _settings = HostSettings.From(_configuration);
        Engine = HostServices.EngineOptions(HostJson);
        _state = _settings.StateConnection is { } connection
            ? Named(connection)
            : new PrivateClusterDatabase(_settings, time, loggers.CreateLogger<PrivateClusterDatabase>()) { IsLookOnly = true };
    }

    public HostJson HostJson { get; }

    public IConfiguration Configuration => _configuration;

    public DurableEngineOptions Engine { get; }

    /// <exception cref="PgdrException">There is no state yet, or it cannot be reached.</exception>
    public async Task<StateSnapshot> OpenAsync(CancellationToken cancellationToken) =>
        await StateSnapshot.OpenAsync(await _state.OpenAsync(cancellationToken), Engine.HubName, cancellationToken);

    /// <summary>Known once the state was opened.</summary>
    public StatePlace Place => _state is PrivateClusterDatabase cluster
        ? new StatePlace($"the host's own PostgreSQL server in {cluster.Folders.State}", cluster.WasStarted, cluster.Folders.KeptAside())
        : new StatePlace(Describe(_settings.StateConnection!), StartedForThisLook: false, []);

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)_state).DisposeAsync();
        _configuration.Dispose();
    }

    private static ConnectionStringStateDatabase Named(string connectionString)
    {
        try
        {
            return new ConnectionStringStateDatabase(connectionString);
        }
        catch (ArgumentException)
        {
            // Its message may quote a secret.
            throw new PgdrException(ErrorCodes.InvalidSettings, "STATE_CONNECTION is no connection string: write it as Host=...;Database=...;Username=...;Password=...");
        }
    }

    private static string Describe(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        return $"database {connection.Database} on {connection.Host}:{connection.Port} (STATE_CONNECTION)";
    }
}
