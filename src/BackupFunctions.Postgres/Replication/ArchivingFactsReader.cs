using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Replication;

/// <summary>Reads what archiving depends on; changes nothing.</summary>
public static class ArchivingFactsReader
{
    private const string Query = """
        select current_setting('server_version_num')::int, pg_is_in_recovery(),
               r.rolsuper, r.rolreplication, inet_client_addr()::text,
               (select count(*)::int from pg_stat_get_wal_senders()),
               (select count(*)::int from pg_replication_slots),
               (select (case when pg_is_in_recovery() then coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) else pg_current_wal_flush_lsn() end - restart_lsn)::bigint
                from pg_replication_slots where slot_name = $1),
               (select coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) from pg_stat_archiver)
        from pg_roles r where rolname = current_user
        """;

    private const string Settings = """
        select name, setting from pg_settings where name in
        ('wal_level', 'max_wal_senders', 'max_replication_slots', 'max_slot_wal_keep_size', 'archive_mode', 'archive_command', 'archive_timeout',
         'full_page_writes', 'data_checksums', 'wal_compression', 'summarize_wal', 'wal_summary_keep_time')
        """;

    /// <param name="server">The server.</param>
    /// <param name="slot">The slot's name.</param>
    /// <param name="time">This machine's clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Contracts.PgdrException">As <see cref="ServerConnection.OpenAsync"/>.</exception>
    public static async Task<ArchivingFacts> ReadAsync(ServerConnection server, string slot, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
        var settings = await connection.QueryAsync(Settings, static row => KeyValuePair.Create(row.GetString(0), row.TextOrNull(1) ?? string.Empty), cancellationToken);
        var difference = await ClockDifferenceAsync(connection, time, cancellationToken);
        return (await connection.QueryAsync(
            Query,
            row => new ArchivingFacts
            {
                VersionNumber = row.GetInt32(0),
                InRecovery = row.GetBoolean(1),
                IsSuperuser = row.GetBoolean(2),
                MayReplicate = row.GetBoolean(3),
                ClientAddress = row.TextOrNull(4),
                Senders = row.GetInt32(5),
                Slots = row.GetInt32(6),
                SlotBehind = row.IsDBNull(7) ? null : row.GetInt64(7),
                ArchiverFails = row.GetBoolean(8),
                ClockDifference = difference,
                Settings = settings.ToDictionary(StringComparer.Ordinal),
            },
            cancellationToken,
            slot)).Single();
    }

    /// <summary>Against the middle of the question's time on the way.</summary>
    private static async Task<TimeSpan> ClockDifferenceAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellationToken)
    {
        var (asked, begun) = (time.GetUtcNow(), time.GetTimestamp());
        var server = await connection.SingleAsync<DateTime>("select clock_timestamp()", cancellationToken);
        return new DateTimeOffset(server, TimeSpan.Zero) - (asked + (time.GetElapsedTime(begun) / 2));
    }
}
