using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Dump;

/// <summary>A read-only transaction whose snapshot pg_dump shares: catalog facts read here are those of the dump.</summary>
internal sealed class Snapshot : IAsyncDisposable
{
    private Snapshot(NpgsqlConnection connection, string id, DateTimeOffset takenAt)
    {
        Connection = connection;
        Id = id;
        TakenAt = takenAt;
    }

    public NpgsqlConnection Connection { get; }

    public string Id { get; }

    public DateTimeOffset TakenAt { get; }

    public static async Task<Snapshot> TakeAsync(ServerConnection server, string database, CancellationToken cancellationToken)
    {
        var connection = await server.OpenAsync(database, cancellationToken);
        try
        {
            // The transaction stays idle for as long as the dump lasts.
            await connection.ExecuteAsync(
                "set idle_in_transaction_session_timeout = 0; set statement_timeout = 0; set lock_timeout = 0", cancellationToken);
            if (connection.PostgreSqlVersion.Major >= 17)
            {
                await connection.ExecuteAsync("set transaction_timeout = 0", cancellationToken);
            }

            await connection.ExecuteAsync("begin isolation level repeatable read read only", cancellationToken);
            var (id, takenAt) = (await connection.QueryAsync(
                "select pg_export_snapshot(), clock_timestamp()",
                static row => (row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)),
                cancellationToken)).Single();
            return new Snapshot(connection, id, takenAt.ToUniversalTime());
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
