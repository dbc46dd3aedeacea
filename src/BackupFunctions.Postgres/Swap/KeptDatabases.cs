using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Swap;

/// <summary>Finds what swaps have kept, by the comments they left.</summary>
public static class KeptDatabases
{
    private const string Query = """
        select oid::bigint, datname::text, shobj_description(oid, 'pg_database'), pg_database_size(oid) from pg_database
        where shobj_description(oid, 'pg_database') like '{%' order by datname
        """;

    /// <summary>All that once had this name, by their present names.</summary>
    public static async Task<IReadOnlyList<KeptDatabase>> ListAsync(
        ServerConnection server, string database, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenMaintenanceAsync(excluded: database, cancellationToken);
        var rows = await connection.QueryAsync(
            Query,
            static row => (Oid: row.GetInt64(0), Name: row.GetString(1), Marker: DatabaseMarker.Read(row.TextOrNull(2)), Bytes: row.GetInt64(3)),
            cancellationToken);
        return
        [
            .. from row in rows
               where row.Marker is { Pgdr: DatabaseMarker.Kept, Live: not null } marker
                   && string.Equals(marker.Database, database, StringComparison.Ordinal)
               select new KeptDatabase(row.Name, row.Oid, database, row.Marker!.RestoreId, row.Bytes, row.Marker.Live!),
        ];
    }
}
