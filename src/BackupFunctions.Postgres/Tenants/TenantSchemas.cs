using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>Tenants that have a schema each.</summary>
public static class TenantSchemas
{
    private const int Shown = 5;

    private const string All = "select nspname::text from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' order by nspname collate \"C\"";

    // What objects of the schemas depend on, and the schema of that (pg_depend). Members of an extension have its schema.
    private const string Outside = """
        with mine as (
          select 'pg_class'::regclass class, c.oid, c.relname::text name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = any($1)
          union all select 'pg_type'::regclass, t.oid, t.typname::text from pg_type t join pg_namespace n on n.oid = t.typnamespace where n.nspname = any($1)
          union all select 'pg_proc'::regclass, p.oid, p.proname::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = any($1)
          union all select 'pg_constraint'::regclass, k.oid, k.conname::text from pg_constraint k join pg_namespace n on n.oid = k.connamespace where n.nspname = any($1)
          union all select 'pg_attrdef'::regclass, a.oid, c.relname::text from pg_attrdef a join pg_class c on c.oid = a.adrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = any($1)
          union all select 'pg_rewrite'::regclass, r.oid, c.relname::text from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace where n.nspname = any($1)
          union all select 'pg_trigger'::regclass, t.oid, t.tgname::text from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = any($1)),
        used as (
          select m.name, case d.refclassid
            when 'pg_class'::regclass then (select c.relnamespace from pg_class c where c.oid = d.refobjid)
            when 'pg_type'::regclass then (select t.typnamespace from pg_type t where t.oid = d.refobjid)
            when 'pg_proc'::regclass then (select p.pronamespace from pg_proc p where p.oid = d.refobjid) end schema,
            exists (select from pg_depend e where e.classid = d.refclassid and e.objid = d.refobjid and e.deptype = 'e') of_extension
          from mine m join pg_depend d on d.classid = m.class and d.objid = m.oid)
        select distinct format('%s (by %s)', n.nspname, min(u.name)) from used u join pg_namespace n on n.oid = u.schema
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and n.nspname <> all($1) and not (u.of_extension and n.nspname = 'public')
        group by n.nspname order by 1
        """;

    /// <summary>The schemas of tenants that fit the pattern, sorted.</summary>
    /// <param name="server">Of the database.</param>
    /// <param name="database">Unquoted.</param>
    /// <param name="pattern">With * and ?.</param>
    /// <param name="shared">Schemas of all tenants: none of them is a tenant.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PgdrException">tenant.unknown: there is none.</exception>
    public static async Task<IReadOnlyList<string>> ListAsync(
        ServerConnection server, string database, string pattern, IReadOnlyList<string> shared, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(database, cancellationToken);
        var schemas = (await connection.QueryAsync(All, static row => row.GetString(0), cancellationToken))
            .Where(schema => TablePattern.Matches(pattern, schema) && !shared.Contains(schema, StringComparer.Ordinal)).ToList();
        return schemas.Count > 0
            ? schemas
            : throw new PgdrException(ErrorCodes.TenantUnknown, $"No schema of database '{database}' fits the pattern {pattern}: correct the pattern of its tenants.");
    }

    /// <summary>What no tenant's backup has, a sentence each.</summary>
    public static async Task<IReadOnlyList<string>> WarningsAsync(ServerConnection server, string database, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(database, cancellationToken);
        return await TenantWarnings.LargeObjectsAsync(connection, cancellationToken);
    }

    /// <summary>All schemas are there, and what lies in them needs no other.</summary>
    /// <exception cref="PgdrException">tenant.unknown, tenant.tables</exception>
    public static async Task CheckAsync(ServerConnection server, string database, string tenant, IReadOnlyList<string> shared, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(database, cancellationToken);
        var present = await connection.QueryAsync(All, static row => row.GetString(0), cancellationToken);
        if (!present.Contains(tenant, StringComparer.Ordinal))
        {
            throw new PgdrException(ErrorCodes.TenantUnknown, $"Tenant '{tenant}' of database '{database}' is not known: there is no such schema; correct the name.");
        }

        if (shared.FirstOrDefault(schema => !present.Contains(schema, StringComparer.Ordinal)) is { } absent)
        {
            throw new PgdrException(ErrorCodes.TenantTables, $"Tenants of database '{database}' share the schema {absent} by the settings, which is not there: correct the name.");
        }

        var outside = await connection.QueryAsync(Outside, static row => row.GetString(0), cancellationToken, new[] { tenant }.Concat(shared).ToArray());
        if (outside.Count > 0)
        {
            throw new PgdrException(
                ErrorCodes.TenantTables,
                $"The schema of tenant '{tenant}' of database '{database}' needs what lies in {string.Join(", ", outside.Take(Shown))}{(outside.Count > Shown ? ", …" : string.Empty)}: name such schemas as shared.");
        }
    }
}
