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
          and not exists (select from pg_depend d join pg_extension e on e.oid = d.refobjid
            where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e' and not c.oid = any (coalesce(e.extconfig, '{}')))
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

    // has_largeobject_privilege is there from version 18 on only; pg_read_all_data does not cover large objects. There may be millions.
    private const string LargeObjects = """
        select format('GRANT SELECT ON LARGE OBJECT %s TO %I;', m.oid, current_user) from pg_largeobject_metadata m
        where not current_setting('lo_compat_privileges')::bool and not pg_has_role(m.lomowner, 'USAGE')
          and not exists (select from aclexplode(m.lomacl) a
            where a.privilege_type = 'SELECT' and (a.grantee = 0 or pg_has_role(a.grantee, 'USAGE')))
        order by m.oid limit 1000
        """;

    /// <param name="connection">In the snapshot.</param>
    /// <param name="server">Of the database.</param>
    /// <param name="database">Unquoted.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="schemas">Those that count; none: all.</param>
    /// <exception cref="PgdrException">database.permission with the exact statements that help; row level security is told apart from grants.</exception>
    public static async Task CheckAsync(
        NpgsqlConnection connection, ServerConnection server, string database, CancellationToken cancellationToken, IReadOnlyList<string>? schemas = null)
    {
        if (await IsSuperuserAsync(connection, cancellationToken))
        {
            return;
        }

        var causes = new List<string>();
        var hidden = await NamesAsync(connection, RowSecurity, schemas, cancellationToken);
        if (hidden.Count > 0)
        {
            var role = Sql.Identifier(server.Username);
            causes.Add(
                $"row level security would hide rows of {string.Join(", ", hidden.Take(Shown))}{More(hidden)} from role {role}; "
                + $"run: ALTER ROLE {role} BYPASSRLS;");
        }

        Refuse(server, database, [.. causes, .. await GrantsAsync(connection, server, schemas, cancellationToken)]);
    }

    /// <summary>Privileges alone: what row level security hides is somebody else's matter.</summary>
    /// <exception cref="PgdrException">database.permission with the exact statements that help.</exception>
    public static async Task CheckGrantsAsync(
        NpgsqlConnection connection, ServerConnection server, string database, CancellationToken cancellationToken, IReadOnlyList<string>? schemas = null)
    {
        if (!await IsSuperuserAsync(connection, cancellationToken))
        {
            Refuse(server, database, await GrantsAsync(connection, server, schemas, cancellationToken));
        }
    }

    private static async Task<List<string>> GrantsAsync(
        NpgsqlConnection connection, ServerConnection server, IReadOnlyList<string>? schemas, CancellationToken cancellationToken)
    {
        var role = Sql.Identifier(server.Username);
        var causes = new List<string>();
        List<string> grants =
        [
            .. await NamesAsync(connection, Schemas, schemas, cancellationToken),
            .. await NamesAsync(connection, Relations, schemas, cancellationToken),
        ];
        if (grants.Count > 0)
        {
            causes.Add($"role {role} may not read everything; run: {string.Join(" ", grants.Take(Shown))}{More(grants)}");
        }

        var objects = await connection.QueryAsync(LargeObjects, static row => row.GetString(0), cancellationToken);
        if (objects.Count > 0)
        {
            causes.Add($"role {role} may not read large objects; run: {string.Join(" ", objects.Take(Shown))}{More(objects)}");
        }

        return causes;
    }

    private static void Refuse(ServerConnection server, string database, List<string> causes)
    {
        if (causes.Count > 0)
        {
            throw new PgdrException(
                ErrorCodes.PermissionMissing,
                $"Database {Sql.Identifier(database)} on server {server.Endpoint} cannot be dumped: {string.Join(" And ", causes)}");
        }
    }

    private static Task<bool> IsSuperuserAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.SingleAsync<bool>("select rolsuper from pg_roles where rolname = current_user", cancellationToken);

    private static Task<List<string>> NamesAsync(
        NpgsqlConnection connection, string query, IReadOnlyList<string>? schemas, CancellationToken cancellationToken) =>
        connection.QueryAsync(query, static row => row.GetString(0), cancellationToken, (schemas ?? []).ToArray());

    private static string More(List<string> all) => all.Count > Shown ? $" (and {all.Count - Shown} more; pgdr setup sql prints all that a backup role needs)" : "";
}
