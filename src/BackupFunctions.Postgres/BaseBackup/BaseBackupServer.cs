using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>What is known of a server before its base backup begins.</summary>
/// <param name="Identity">With system identifier.</param>
/// <param name="WalSegmentSize">Bytes.</param>
/// <param name="DataChecksums">The server checks every block that it reads.</param>
/// <param name="SummarizesWal">It can give incremental backups: version 17 or later, and summarize_wal is on.</param>
/// <param name="Bytes">Of all databases; null when the user may not ask.</param>
/// <param name="ClockAhead">How far the server's clock is ahead of this machine's.</param>
/// <param name="Tablespaces">Beside pg_default and pg_global.</param>
public sealed record BaseBackupServer(
    ServerIdentity Identity, int WalSegmentSize, bool DataChecksums, bool SummarizesWal, long? Bytes, TimeSpan ClockAhead, IReadOnlyList<Tablespace> Tablespaces)
{
    private const string TablespaceQuery = """
        select oid::bigint, spcname::text, pg_tablespace_location(oid) from pg_tablespace
        where spcname not in ('pg_default', 'pg_global') order by spcname
        """;

    /// <summary>The server's major version.</summary>
    public int Major => Identity.VersionNumber / 10000;

    /// <summary>Finds whatever would make the backup fail later.</summary>
    /// <exception cref="PgdrException">
    /// server.tablespaces: it has tablespaces in place; database.permission, replication.refused: the user may not replicate; or as
    /// <see cref="ServerConnection.OpenAsync"/>.
    /// </exception>
    public static async Task<BaseBackupServer> ExamineAsync(ServerConnection server, TimeProvider time, CancellationToken cancellationToken)
    {
        var facts = await ServerProbe.RunAsync(server, cancellationToken);
        bool checksums, summarizes;
        TimeSpan ahead;
        List<Tablespace> tablespaces;
        await using (var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken))
        {
            tablespaces = await connection.QueryAsync(
                TablespaceQuery, static row => new Tablespace(row.GetInt64(0), row.GetString(1), row.GetString(2)), cancellationToken);
            RefuseInPlace(server, tablespaces);
            checksums = await connection.SingleAsync<string>("show data_checksums", cancellationToken) is "on";
            summarizes = await connection.SingleAsync<string>("select coalesce(current_setting('summarize_wal', true), 'off')", cancellationToken) is "on";
            ahead = await connection.SingleAsync<DateTime>("select clock_timestamp()", cancellationToken) - time.GetUtcNow().UtcDateTime;
        }

        await using var replication = await WalReceiver.OpenAsync(server, cancellationToken);
        var system = await replication.IdentifyAsync(cancellationToken);
        var sizes = facts.Databases.Select(database => database.SizeBytes).ToList();
        return new BaseBackupServer(
            facts.Identity with { SystemIdentifier = system.SystemIdentifier, Timeline = system.Timeline },
            system.SegmentSize,
            checksums,
            summarizes,
            sizes.Contains(null) ? null : sizes.Sum(),
            ahead,
            tablespaces);
    }

    private static void RefuseInPlace(ServerConnection server, List<Tablespace> tablespaces)
    {
        if (tablespaces.Find(tablespace => !tablespace.Location.StartsWith('/')) is { } inPlace)
        {
            throw new PgdrException(
                ErrorCodes.TablespacesRefused,
                $"Server {server.Endpoint} has a tablespace in place ({inPlace.Name}, allow_in_place_tablespaces), which PostgreSQL means for its own tests: "
                + "move its tables to pg_default and drop it, or back the server's databases up one by one.");
        }
    }
}
