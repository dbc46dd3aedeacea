using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Replication;

/// <summary>
/// Asks a server for its clock, and then for its position. The replication protocol's own messages have both, but the position was read
/// first there (walsender.c, XLogSendPhysical): what was flushed in between would be missing.
/// </summary>
public static class ServerMoments
{
    private const string Clock = "select clock_timestamp()";

    /// <summary>The name of the segment tells the timeline that is written, before a checkpoint does.</summary>
    private const string Position = """
        select lsn - '0/0'::pg_lsn, pg_walfile_name(lsn), (select system_identifier::text from pg_control_system())
        from (select case when pg_is_in_recovery() then null else pg_current_wal_flush_lsn() end) as flushed(lsn)
        """;

    /// <returns>Null: it is a standby, which does not know what its primary has flushed.</returns>
    /// <exception cref="PgdrException">As <see cref="ServerConnection.OpenAsync"/>; database.permission, server.unreachable.</exception>
    public static async Task<ServerMoment?> ReadAsync(ServerConnection server, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
        try
        {
            var at = await connection.SingleAsync<DateTime>(Clock, cancellationToken);
            return (await connection.QueryAsync(
                Position,
                row => row.IsDBNull(0) || row.IsDBNull(1)
                    ? null
                    : new ServerMoment(
                        new DateTimeOffset(at.ToUniversalTime(), TimeSpan.Zero), (ulong)row.GetDecimal(0),
                        int.Parse(row.GetString(1).AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), row.GetString(2)),
                cancellationToken)).Single();
        }
        catch (NpgsqlException e)
        {
            throw ReplicationFailure.Explain(server, e);
        }
    }
}
