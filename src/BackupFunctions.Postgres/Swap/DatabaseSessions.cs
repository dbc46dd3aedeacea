using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Swap;

internal static class DatabaseSessions
{
    private const int Attempts = 300;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Workers count too: a rename fails while one is in the database.
    private const string End = """
        select pid, backend_type = 'client backend', pg_terminate_backend(pid) from pg_stat_activity
        where datid = any($1::bigint[]::oid[]) and pid <> pg_backend_pid()
        """;

    /// <summary>Ends sessions until there are none; the databases take no new ones by now.</summary>
    /// <param name="ended">Takes the process ids of client sessions.</param>
    public static async Task EndAsync(
        NpgsqlConnection connection,
        ServerConnection server,
        IReadOnlyList<DatabaseRow> databases,
        HashSet<int> ended,
        CancellationToken cancellationToken)
    {
        var oids = databases.Select(static database => database.Oid).ToArray();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var sessions = await connection.QueryAsync(
                End, static row => (Pid: row.GetInt32(0), IsClient: row.GetBoolean(1)), cancellationToken, oids);
            if (sessions.Count == 0)
            {
                return;
            }

            ended.UnionWith(sessions.Where(static session => session.IsClient).Select(static session => session.Pid));
            await Task.Delay(Pause, cancellationToken);
        }

        throw new PgdrException(
            ErrorCodes.SwapBlocked,
            $"Sessions of database {Sql.Identifier(databases[0].Name)} on server {server.Endpoint} do not end; end them on the server and run the swap again.");
    }
}
