using BackupFunctions.Contracts.Manifests;
using Npgsql;

namespace BackupFunctions.Postgres.Servers;

internal static class ServerIdentityReader
{
    // The privilege is asked first: a refused call would end the transaction that holds the snapshot.
    private const string Query = """
        select current_setting('server_version'), current_setting('server_version_num')::int,
               has_function_privilege('pg_control_system()', 'EXECUTE') and has_function_privilege('pg_control_checkpoint()', 'EXECUTE'),
               (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end)::text
        """;

    private const string ControlFile = """
        select (select system_identifier::text from pg_control_system()),
               case when pg_is_in_recovery() then (select timeline_id from pg_control_checkpoint())
                    else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end
        """;

    public static async Task<ServerIdentity> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (identity, controlReadable) = (await connection.QueryAsync(
            Query,
            static row => (new ServerIdentity(null, row.GetString(0), row.GetInt32(1), null, row.TextOrNull(3)), row.GetBoolean(2)),
            cancellationToken)).Single();
        return controlReadable
            ? (await connection.QueryAsync(
                ControlFile,
                row => identity with { SystemIdentifier = row.GetString(0), Timeline = row.GetInt32(1) },
                cancellationToken)).Single()
            : identity;
    }
}
