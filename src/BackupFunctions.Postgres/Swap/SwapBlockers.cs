using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Swap;

/// <summary>What would break, or silently stay with the kept database, when the live one is renamed.</summary>
internal static class SwapBlockers
{
    private const string Prepared = "select gid from pg_prepared_xacts where database = $1 order by 1";

    // One that is disabled and has no slot receives nothing and holds nothing: it stays with the kept database.
    private const string Subscriptions = """
        select subname::text from pg_subscription where subdbid = $1::bigint::oid and (subenabled or subslotname is not null) order by 1
        """;

    private const string Slots = "select slot_name::text from pg_replication_slots where slot_type = 'logical' and database = $1 order by 1";

    /// <exception cref="PgdrException">database.swap-blocked.</exception>
    public static async Task CheckAsync(
        NpgsqlConnection connection, ServerConnection server, DatabaseRow live, CancellationToken cancellationToken)
    {
        var prepared = await NamesAsync(connection, Prepared, live.Name, cancellationToken);
        Refuse(prepared, "prepared transactions", "finish each with COMMIT PREPARED or ROLLBACK PREPARED");
        var subscriptions = await NamesAsync(connection, Subscriptions, live.Oid, cancellationToken);
        Refuse(subscriptions, "subscriptions", "drop them, or disable them and set their slot to NONE: the new database has its own");
        var slots = await NamesAsync(connection, Slots, live.Name, cancellationToken);
        Refuse(slots, "logical replication slots", "stop their consumers and drop them with pg_drop_replication_slot");

        void Refuse(List<string> names, string what, string remedy)
        {
            if (names.Count > 0)
            {
                throw new PgdrException(
                    ErrorCodes.SwapBlocked,
                    $"Database {Sql.Identifier(live.Name)} on server {server.Endpoint} has {what} ({string.Join(", ", names)}); {remedy}.");
            }
        }
    }

    /// <summary>The name for the kept database must be free.</summary>
    public static async Task CheckNameAsync(
        NpgsqlConnection connection, ServerConnection server, string restoreId, CancellationToken cancellationToken)
    {
        var name = RestoreNames.Kept(restoreId);
        if (await DatabaseRow.FindAsync(connection, name, cancellationToken) is not null)
        {
            throw new PgdrException(
                ErrorCodes.SwapBlocked,
                $"Server {server.Endpoint} already has a database {Sql.Identifier(name)}, the name for the previous database; rename or drop it.");
        }
    }

    private static Task<List<string>> NamesAsync(
        NpgsqlConnection connection, string query, object parameter, CancellationToken cancellationToken) =>
        connection.QueryAsync(query, static row => row.GetString(0), cancellationToken, parameter);
}
