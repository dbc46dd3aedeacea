using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Swap;
using Npgsql;

namespace BackupFunctions.Postgres.Restore;

/// <summary>
/// A database to restore into, beside the live one. Its comment says what it is; it is dropped by OID after reading that again,
/// never by name alone. Connection limit 0 keeps everybody but superusers out until it goes live.
/// </summary>
/// <param name="Name">pgdr_ and the restore's id.</param>
/// <param name="Oid">pg_database.oid.</param>
public sealed record ScratchDatabase(string Name, long Oid)
{
    /// <summary>Makes it from template0 with the same encoding, locale and tablespace. What a former attempt of the same restore left is dropped.</summary>
    /// <exception cref="PgdrException">database.exists for a database of that name that is not this restore's; database.permission.</exception>
    public static async Task<ScratchDatabase> CreateAsync(
        ServerConnection server, string restoreId, DatabaseProperties properties, CancellationToken cancellationToken)
    {
        var name = RestoreNames.Scratch(restoreId);
        await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
        await SuperuserCheck.RunAsync(connection, server, cancellationToken);
        if (await DatabaseRow.FindAsync(connection, name, cancellationToken) is { } existing)
        {
            RequireOfRestore(existing, server, restoreId);
            await DropAsync(connection, existing, cancellationToken);
        }

        await ScratchCreation.RunAsync(connection, server, name, properties, cancellationToken);
        var comment = new DatabaseMarker(DatabaseMarker.Scratch, restoreId, properties.Name).ToComment();
        await connection.ExecuteAsync($"COMMENT ON DATABASE {Sql.Identifier(name)} IS {Sql.Literal(comment)}", cancellationToken);
        await DatabaseConnections.SetAsync(connection, name, allow: true, cancellationToken);
        return new ScratchDatabase(name, (await DatabaseRow.FindAsync(connection, name, cancellationToken))!.Oid);
    }

    /// <summary>
    /// Drops it when the OID is still a scratch database of this restore; nothing happens when it is gone. A live database that an
    /// unfinished swap had closed takes connections again.
    /// </summary>
    /// <exception cref="PgdrException">database.exists when the OID is something else by now, for example the live database.</exception>
    public static async Task DropAsync(ServerConnection server, string restoreId, long oid, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
        if (await DatabaseRow.FindAsync(connection, oid, cancellationToken) is not { } existing)
        {
            return;
        }

        if (DatabaseMarker.Read(existing.Comment)?.Is(DatabaseMarker.Scratch, restoreId) != true)
        {
            throw new PgdrException(
                ErrorCodes.DatabaseExists,
                $"Database {Sql.Identifier(existing.Name)} (OID {oid}) on server {server.Endpoint} is not a scratch database of this restore; it is left alone.");
        }

        await DropAsync(connection, existing, cancellationToken);
    }

    /// <summary>Drops what a restore that was given up has left, whatever it had come to; nothing happens when there is nothing of it.</summary>
    /// <exception cref="PgdrException">database.exists for a database of that name that is not this restore's.</exception>
    public static async Task DiscardAsync(ServerConnection server, string restoreId, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
        if (await DatabaseRow.FindAsync(connection, RestoreNames.Scratch(restoreId), cancellationToken) is not { } existing)
        {
            return;
        }

        RequireOfRestore(existing, server, restoreId);
        await DropAsync(connection, existing, cancellationToken);
    }

    private static async Task DropAsync(NpgsqlConnection connection, DatabaseRow scratch, CancellationToken cancellationToken)
    {
        await DatabaseConnections.AllowAgainAsync(connection, DatabaseMarker.Read(scratch.Comment), cancellationToken);
        await connection.ExecuteAsync($"DROP DATABASE {Sql.Identifier(scratch.Name)} WITH (FORCE)", cancellationToken);
    }

    private static void RequireOfRestore(DatabaseRow existing, ServerConnection server, string restoreId)
    {
        if (!IsOfRestore(existing, restoreId))
        {
            throw new PgdrException(
                ErrorCodes.DatabaseExists,
                $"Server {server.Endpoint} has a database {Sql.Identifier(existing.Name)} that does not belong to this restore; rename or drop it.");
        }
    }

    /// <summary>By its comment; or made and not yet commented when an attempt was killed, in which case nobody could ever connect to it.</summary>
    private static bool IsOfRestore(DatabaseRow existing, string restoreId) =>
        DatabaseMarker.Read(existing.Comment)?.Is(DatabaseMarker.Scratch, restoreId)
        ?? (existing.Comment is null && !existing.AllowsConnections);
}
