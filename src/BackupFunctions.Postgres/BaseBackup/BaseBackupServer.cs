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
public sealed record BaseBackupServer(ServerIdentity Identity, int WalSegmentSize, bool DataChecksums, bool SummarizesWal, long? Bytes, TimeSpan ClockAhead)
{
    private const string Tablespaces = "select spcname::text from pg_tablespace where spcname not in ('pg_default', 'pg_global') order by spcname";

    /// <summary>The server's major version.</summary>
    public int Major => Identity.VersionNumber / 10000;

    /// <summary>Finds whatever would make the backup fail later.</summary>
    /// <exception cref="PgdrException">
    /// server.tablespaces: it has further tablespaces; database.permission, replication.refused: the user may not replicate; or as
    /// <see cref="ServerConnection.OpenAsync"/>.
    /// </exception>
    public static async Task<BaseBackupServer> ExamineAsync(ServerConnection server, TimeProvider time, CancellationToken cancellationToken)
    {
        var facts = await ServerProbe.RunAsync(server, cancellationToken);
        bool checksums, summarizes;
        TimeSpan ahead;
        await using (var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken))
        {
            RefuseTablespaces(server, await connection.QueryAsync(Tablespaces, static row => row.GetString(0), cancellationToken));
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
            ahead);
    }

    private static void RefuseTablespaces(ServerConnection server, List<string> tablespaces)
    {
        if (tablespaces.Count > 0)
        {
            throw new PgdrException(
                ErrorCodes.TablespacesRefused,
                $"Server {server.Endpoint} has further tablespaces ({string.Join(", ", tablespaces)}), which a base backup cannot stream yet; "
                + "move their tables to pg_default and drop them, or back its databases up one by one.");
        }
    }
}
