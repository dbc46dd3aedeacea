using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Replication;

/// <summary>Physical replication slots of a server.</summary>
public static class PhysicalSlots
{
    private const string Query = """
        select slot_name::text, restart_lsn - '0/0'::pg_lsn, wal_status, active, safe_wal_size, slot_type
        from pg_replication_slots where slot_name = $1
        """;

    /// <summary>Null when there is none of that name.</summary>
    /// <exception cref="PgdrException">settings.invalid: the name belongs to a logical slot; or as <see cref="ServerConnection.OpenAsync"/>.</exception>
    public static async Task<PhysicalSlot?> FindAsync(ServerConnection server, string name, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
        var found = await connection.QueryAsync(
            Query,
            static row => (
                Slot: new PhysicalSlot(
                    row.GetString(0), row.IsDBNull(1) ? null : (ulong)row.GetDecimal(1), row.TextOrNull(2), row.GetBoolean(3),
                    row.IsDBNull(4) ? null : row.GetInt64(4)),
                Type: row.GetString(5)),
            cancellationToken,
            name);
        return found switch
        {
            [] => null,
            [{ Type: "physical" } physical] => physical.Slot,
            _ => throw new PgdrException(
                ErrorCodes.InvalidSettings, $"Server '{server.Name}' has a logical replication slot called {name}: choose another name for the slot of its backups."),
        };
    }

    /// <summary>Reserves the server's log from its last checkpoint on. One that is there already is a success.</summary>
    /// <exception cref="PgdrException">slots.full, database.permission; or as <see cref="ServerConnection.OpenAsync"/>.</exception>
    public static async Task CreateAsync(ServerConnection server, string name, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
        try
        {
            await connection.QueryAsync("select pg_create_physical_replication_slot($1, immediately_reserve => true)::text", static row => row.GetString(0), cancellationToken, name);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateObject)
        {
            // Another run was first.
        }
        catch (PostgresException e)
        {
            throw ReplicationFailure.Explain(server, e);
        }
    }

    /// <summary>MiB that the server keeps for its slots at most (max_slot_wal_keep_size); null: without limit, until its disk is full.</summary>
    public static async Task<long?> LimitAsync(ServerConnection server, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
        var limit = await connection.SingleAsync<long>("select setting::bigint from pg_settings where name = 'max_slot_wal_keep_size'", cancellationToken);
        return limit < 0 ? null : limit;
    }

    /// <summary>One that is not there is a success.</summary>
    public static async Task DropAsync(ServerConnection server, string name, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
        await connection.QueryAsync(
            "select pg_drop_replication_slot(slot_name)::text from pg_replication_slots where slot_name = $1", static row => row.TextOrNull(0), cancellationToken, name);
    }
}
