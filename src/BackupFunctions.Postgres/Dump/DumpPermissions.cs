using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Dump;

/// <summary>Finds, before the dump starts, what would stop it in the middle: missing privileges and row level security.</summary>
internal static class DumpPermissions
{
    private const int Shown = 5;

    private const string UserObjects = """
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
          and (cardinality($1::text[]) = 0 or n.nspname = any($1))
        """;

    private const string RowSecurity = $"""
        select format('%I.%I', n.nspname, c.relname) {UserObjects}
          and c.relkind in ('r', 'p') and c.relrowsecurity and row_security_active(c.oid) order by 1
        """;

    private const string Schemas = $"""
        select distinct format('GRANT USAGE ON SCHEMA %I TO %I;', n.nspname, current_user) {UserObjects}
          and c.relkind in ('r', 'p', 'S') and not has_schema_privilege(n.oid, 'USAGE') order by 1
        """;

    private const string Relations = $"""
        select format('GRANT SELECT ON %s %I.%I TO %I;', case c.relkind when 'S' then 'SEQUENCE' else 'TABLE' end,
                      n.nspname, c.relname, current_user) {UserObjects}
          and c.relkind in ('r', 'p', 'S')
          and not case c.relkind when 'S' then has_sequence_privilege(c.oid, 'SELECT') else has_table_privilege(c.oid, 'SELECT') end
        order by 1
        """;

    /// <param name="connection">In the snapshot.</param>
    /// <param name="server">Of the database.</param>
    /// <param name="database">Unquoted.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="schemas">Those that count; none: all.</param>
    /// <exception cref="PgdrException">database.permission with the exact statements that help.</exception>
    public static async Task CheckAsync(
        NpgsqlConnection connection, ServerConnection server, string database, CancellationToken cancellationToken, IReadOnlyList<string>? schemas = null)
    {
        if (await IsSuperuserAsync(connection, cancellationToken))
        {
            return;
        }

        var role = Sql.Identifier(server.Username);
        var hidden = await NamesAsync(connection, RowSecurity, schemas, cancellationToken);
        if (hidden.Count > 0)
        {
            throw Refusal(
                server, database,
                $"row level security would hide rows of {string.Join(", ", hidden.Take(Shown))}{More(hidden)} from role {role}; "
                + $"run: ALTER ROLE {role} BYPASSRLS;");
        }

        await CheckGrantsAsync(connection, server, database, cancellationToken, schemas);
    }

    /// <summary>Privileges alone: what row level security hides is somebody else's matter.</summary>
    /// <exception cref="PgdrException">database.permission with the exact statements that help.</exception>
    public static async Task CheckGrantsAsync(
        NpgsqlConnection connection, ServerConnection server, string database, CancellationToken cancellationToken, IReadOnlyList<string>? schemas = null)
    {
        if (await IsSuperuserAsync(connection, cancellationToken))
        {
            return;
        }

        List<string> grants =
        [
            .. await NamesAsync(connection, Schemas, schemas, cancellationToken),
            .. await NamesAsync(connection, Relations, schemas, cancellationToken),
        ];
        if (grants.Count > 0)
        {
            throw Refusal(server, database, $"role {Sql.Identifier(server.Username)} may not read everything; run: {string.Join(" ", grants.Take(Shown))}{More(grants)}");
        }
    }

    private static PgdrException Refusal(ServerConnection server, string database, string cause) => new(
        ErrorCodes.PermissionMissing, $"Database {Sql.Identifier(database)} on server {server.Endpoint} cannot be dumped: {cause}");

    private static Task<bool> IsSuperuserAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.SingleAsync<bool>("select rolsuper from pg_roles where rolname = current_user", cancellationToken);

    private static Task<List<string>> NamesAsync(
        NpgsqlConnection connection, string query, IReadOnlyList<string>? schemas, CancellationToken cancellationToken) =>
        connection.QueryAsync(query, static row => row.GetString(0), cancellationToken, (schemas ?? []).ToArray());

    private static string More(List<string> all) => all.Count > Shown ? $" (and {all.Count - Shown} more)" : "";
}
