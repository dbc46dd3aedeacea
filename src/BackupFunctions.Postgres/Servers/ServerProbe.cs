namespace BackupFunctions.Postgres.Servers;

/// <summary>A look at a server that changes nothing.</summary>
public static class ServerProbe
{
    private const string Databases = """
        select datname::text, oid::bigint,
               case when has_database_privilege(oid, 'CONNECT') or pg_has_role('pg_read_all_stats', 'USAGE')
                    then pg_database_size(oid) end
        from pg_database order by datname
        """;

    /// <exception cref="Contracts.PgdrException">As <see cref="ServerConnection.OpenAsync"/>.</exception>
    public static async Task<ServerFacts> RunAsync(ServerConnection server, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
        var identity = await ServerIdentityReader.ReadAsync(connection, cancellationToken);
        var superuser = await connection.SingleAsync<bool>(
            "select rolsuper from pg_roles where rolname = current_user", cancellationToken);
        var databases = await connection.QueryAsync(
            Databases,
            static row => new DatabaseFacts(row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2)),
            cancellationToken);
        return new ServerFacts(identity, superuser, databases);
    }
}
