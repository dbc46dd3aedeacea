using System.Net;
using System.Text;
using Npgsql;

namespace BackupFunctions.Postgres.Servers;

/// <summary>How a PostgreSQL server is reached. Printing it never shows the password.</summary>
public sealed record ServerConnection
{
    /// <summary>The server's name in the settings, used in sentences for people.</summary>
    public required string Name { get; init; }

    /// <summary>A host name, an address, or the folder of a Unix socket (it begins with a slash).</summary>
    public required string Host { get; init; }
    public int Port { get; init; } = 5432;
    public required string Username { get; init; }

    /// <summary>Null: none is needed, or libpq's own password file holds it.</summary>
    public string? Password { get; init; }

    /// <summary>Null: VerifyFull for another machine, Prefer for this one.</summary>
    public SslMode? SslMode { get; init; }

    /// <summary>PEM file of the authorities to trust; null: those of the system.</summary>
    public string? RootCertificatePath { get; init; }

    /// <summary>Where statements about other databases run.</summary>
    public string MaintenanceDatabase { get; init; } = "postgres";

    internal SslMode EffectiveSslMode => SslMode ?? (IsThisMachine ? Npgsql.SslMode.Prefer : Npgsql.SslMode.VerifyFull);

    internal string Endpoint => $"{Name} ({Host}:{Port})";

    /// <summary>For the streaming replication protocol, which has no database.</summary>
    internal string ReplicationConnectionString => ConnectionString(MaintenanceDatabase);

    private bool IsThisMachine =>
        Host.StartsWith('/')
        || Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>An open, unpooled connection.</summary>
    /// <exception cref="Contracts.PgdrException">server.unreachable, server.login, database.unknown or database.permission.</exception>
    public async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(ConnectionString(database));
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await connection.DisposeAsync();
            throw ConnectionFailure.Explain(this, database, exception);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection to a database that is not <paramref name="excluded"/>, which is about to be renamed or dropped.</summary>
    internal Task<NpgsqlConnection> OpenMaintenanceAsync(string? excluded, CancellationToken cancellationToken) =>
        OpenAsync(
            string.Equals(MaintenanceDatabase, excluded, StringComparison.Ordinal)
                ? (string.Equals(excluded, "template1", StringComparison.Ordinal) ? "postgres" : "template1")
                : MaintenanceDatabase,
            cancellationToken);

    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = Host,
        Port = Port,
        Username = Username,
        Password = Password,
        Database = database,
        SslMode = EffectiveSslMode,
        RootCertificate = RootCertificatePath,
        ApplicationName = "pgdr",
        Pooling = false,
        // Statements here last as long as the data is large; a dead peer shows itself by keepalives instead.
        CommandTimeout = 0,
        TcpKeepAlive = !Host.StartsWith('/'),
        Timeout = 15,
    }.ConnectionString;

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(
            System.Globalization.CultureInfo.InvariantCulture,
            $"Name = {Name}, Host = {Host}, Port = {Port}, Username = {Username}, Password = {(Password is null ? "none" : "set")}");
        return true;
    }
}
