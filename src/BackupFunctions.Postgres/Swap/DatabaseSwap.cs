using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Swap;

/// <summary>Gives a restored scratch database the live name in one transaction; what had that name is kept.</summary>
public static class DatabaseSwap
{
    /// <summary>
    /// Safe to call again after a crash at any point: what is done is found by OIDs and comments. A failure before the renames
    /// leaves the live database open and named as it was.
    /// </summary>
    /// <param name="fallback">Properties for the new database when there is no live one to take them from.</param>
    /// <exception cref="PgdrException">database.swap-blocked, database.unknown, database.permission, verification.failed.</exception>
    public static Task<SwapOutcome> RunAsync(
        ServerConnection server,
        string restoreId,
        string scratchName,
        long scratchOid,
        string liveName,
        DatabaseProperties fallback,
        CancellationToken cancellationToken) =>
        RunAsync(server, new SwapRequest(restoreId, scratchName, scratchOid, liveName, fallback), cancellationToken);

    /// <summary>
    /// Undoes a swap: the kept database takes its name back, the recovered one is kept in its place, so that this too can be undone.
    /// Safe to call again, as above. Owner, privileges and settings are those that the live database has now.
    /// </summary>
    /// <param name="server">Of both databases.</param>
    /// <param name="rollBackId">New; names what is kept: pgdr_kept_ and this.</param>
    /// <param name="kept">As <see cref="KeptDatabases"/> found it.</param>
    /// <param name="cancellationToken">Before the renames: nothing is changed but that sessions were ended.</param>
    /// <exception cref="PgdrException">As above.</exception>
    public static Task<SwapOutcome> RollBackAsync(
        ServerConnection server, string rollBackId, KeptDatabase kept, CancellationToken cancellationToken) =>
        RunAsync(
            server,
            new SwapRequest(rollBackId, kept.Name, kept.Oid, kept.Database, kept.Properties)
            {
                ReplacementKind = DatabaseMarker.Kept,
                ReplacementOf = kept.RestoreId,
            },
            cancellationToken);

    private static async Task<SwapOutcome> RunAsync(ServerConnection server, SwapRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenMaintenanceAsync(excluded: request.LiveName, cancellationToken);
        try
        {
            return await new SwapRun(connection, server, request).RunAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            await AllowAgainAsync(server, request);
            if (exception is PostgresException refused)
            {
                throw new PgdrException(
                    ErrorCodes.SwapBlocked,
                    $"Server {server.Endpoint} refused the swap of database {Sql.Identifier(request.LiveName)} ({refused.MessageText}); remove that cause and run it again.",
                    refused);
            }

            throw;
        }
    }

    /// <summary>
    /// On a connection of its own: the first one may be what failed. When this fails too, the swap's own failure is the one to tell;
    /// the next run, or dropping the scratch database, opens the live one.
    /// </summary>
    private static async Task AllowAgainAsync(ServerConnection server, SwapRequest request)
    {
        try
        {
            await using var connection = await server.OpenMaintenanceAsync(request.LiveName, CancellationToken.None);
            var scratch = await DatabaseRow.FindAsync(connection, request.ScratchOid, CancellationToken.None);
            await DatabaseConnections.AllowAgainAsync(connection, DatabaseMarker.Read(scratch?.Comment), CancellationToken.None);
        }
        catch (Exception exception) when (exception is PgdrException or NpgsqlException)
        {
        }
    }
}
