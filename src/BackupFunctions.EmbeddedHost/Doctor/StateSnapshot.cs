using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.State;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>The state database at one moment: reads only, and sees nothing of what hosts do meanwhile.</summary>
internal sealed class StateSnapshot : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;

    private StateSnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction, string hub, int? version)
    {
        Connection = connection;
        _transaction = transaction;
        Hub = hub;
        SchemaVersion = version;
    }

    public NpgsqlConnection Connection { get; }

    public string Hub { get; }

    /// <summary>Null when no host has used the database yet.</summary>
    public int? SchemaVersion { get; }

    /// <summary>Histories of other versions are not read: nobody can say what they mean.</summary>
    public bool IsReadable => SchemaVersion == SchemaScripts.Newest;

    /// <exception cref="PgdrException">The database cannot be opened, or is newer than this program.</exception>
    public static async Task<StateSnapshot> OpenAsync(NpgsqlDataSource source, string hub, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(source, cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
            await connection.ExecuteAsync("SET TRANSACTION READ ONLY", cancellationToken);
            var version = await SchemaInstaller.VersionAsync(connection, cancellationToken);
            SchemaInstaller.RefuseNewer(version);
            return new StateSnapshot(connection, transaction, hub, version);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }

    private static async Task<NpgsqlConnection> ConnectAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (NpgsqlException cause)
        {
            throw new PgdrException(
                ErrorCodes.ServerUnreachable, $"The state database cannot be opened ({cause.Message}): start its server, or correct STATE_CONNECTION.", cause);
        }
    }
}
