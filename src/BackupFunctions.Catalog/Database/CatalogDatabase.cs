using System.Net.Sockets;
using BackupFunctions.Catalog.Database.Schema;
using BackupFunctions.Contracts;
using Npgsql;

namespace BackupFunctions.Catalog.Database;

/// <summary>Connections to the catalog. Every failure is a <see cref="CatalogException"/> without secrets, so that callers go on from storage.</summary>
public sealed class CatalogDatabase : IAsyncDisposable
{
    /// <summary>Seconds to connect: storage answers instead when nobody is there.</summary>
    private const int ConnectSeconds = 5;

    private const string MaintenanceDatabase = "postgres";

    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly NpgsqlDataSource _source;

    /// <param name="connectionString">As Npgsql takes it.</param>
    /// <exception cref="PgdrException">It is no connection string.</exception>
    public CatalogDatabase(string connectionString)
    {
        try
        {
            _connection = new NpgsqlConnectionStringBuilder(connectionString)
            {
                ApplicationName = "backupfunctions-catalog",
                Timeout = ConnectSeconds,
                // A peer that is gone is noticed while a long statement runs.
                KeepAlive = 30,
                MaxPoolSize = 8,
                // What was read of a rebuild must not wait for a limit meant for single rows.
                CommandTimeout = 300,
            };
            if (string.IsNullOrEmpty(_connection.Host))
            {
                throw new ArgumentException("no host");
            }

            _connection.Database ??= "catalog";
            _source = NpgsqlDataSource.Create(_connection);
        }
        catch (ArgumentException)
        {
            // Its message may quote a secret.
            throw new PgdrException(
                ErrorCodes.InvalidSettings, "CATALOG_CONNECTION is no connection string: write it as Host=...;Database=...;Username=...;Password=...");
        }
    }

    /// <summary>In words, without secrets.</summary>
    public string Place => _connection.Host!.StartsWith('/')
        ? $"database {_connection.Database} in the server at {_connection.Host}"
        : $"database {_connection.Database} on {_connection.Host}:{_connection.Port}";

    /// <summary>Hands a connection to the work; the schema is there.</summary>
    /// <param name="work">Uses nothing of the connection afterwards.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CatalogException">The catalog is not reachable, is newer than this program, or went away in the middle.</exception>
    internal Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken) => GuardAsync(
        async () =>
        {
            await using var connection = await OpenAsync(cancellationToken);
            await SchemaInstaller.InstallAsync(connection, cancellationToken);
            return await work(connection);
        },
        cancellationToken);

    /// <summary>Hands a connection to the work; makes nothing.</summary>
    /// <inheritdoc cref="UseAsync{T}" path="/exception"/>
    internal Task<T> LookAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken) => GuardAsync(
        async () =>
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            return await work(connection);
        },
        cancellationToken);

    /// <summary>Drops what is left of a catalog of which parts were dropped; it holds nothing that cannot be made again.</summary>
    internal Task DropAsync(CancellationToken cancellationToken) => LookAsync(
        connection => connection.ExecuteAsync("DROP SCHEMA IF EXISTS catalog CASCADE", cancellationToken), cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _source.OpenConnectionAsync(cancellationToken);
        }
        catch (PostgresException absent) when (absent.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await CreateAsync(cancellationToken);
            return await _source.OpenConnectionAsync(cancellationToken);
        }
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        var elsewhere = new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Database = MaintenanceDatabase, Pooling = false };
        await using var connection = new NpgsqlConnection(elsewhere.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        try
        {
            await connection.ExecuteAsync($"CREATE DATABASE {Quoted(_connection.Database!)} TEMPLATE template0 ENCODING 'UTF8'", cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another host made it at the same time.
        }
    }

    private static string Quoted(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private async Task<T> GuardAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (PostgresException e) when (e.SqlState != PostgresErrorCodes.QueryCanceled || !cancellationToken.IsCancellationRequested)
        {
            throw new CatalogException(
                ErrorCodes.CatalogUnavailable, $"The catalog ({Place}) cannot be used: {e.MessageText} ({e.SqlState}); see docs/048-catalog.md.", e);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or SocketException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            throw new CatalogException(
                ErrorCodes.CatalogUnavailable, $"The catalog ({Place}) does not answer ({e.GetType().Name}): start its server, or correct CATALOG_CONNECTION.", e);
        }
    }
}
