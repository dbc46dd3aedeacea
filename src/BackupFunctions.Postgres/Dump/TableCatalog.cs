using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Dump;

/// <summary>Tables by OID with the column list and filter that pg_dump's COPY uses (fmtCopyColumnList and dumpTableData of pg_dump.c).</summary>
internal static class TableCatalog
{
    private const string Query = """
        select c.oid::bigint, n.nspname::text, c.relname::text,
               array(select a.attname::text from pg_attribute a
                     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum),
               (select nullif(e.extcondition[p.at], '') from pg_extension e, unnest(e.extconfig) with ordinality p(oid, at)
                where p.oid = c.oid and e.extcondition is not null)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname !~ '^pg_(catalog|toast|temp_|toast_temp_)' and n.nspname <> 'information_schema'
          and (cardinality($1::text[]) = 0 or n.nspname = any($1)
            or exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'))
        """;

    /// <param name="connection">In the snapshot.</param>
    /// <param name="schemas">Whose tables, beside those of extensions; empty: all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<IReadOnlyDictionary<long, CatalogTable>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<string> schemas, CancellationToken cancellationToken)
    {
        var tables = await connection.QueryAsync(
            Query,
            static row => new CatalogTable(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<string[]>(3), row.TextOrNull(4)),
            cancellationToken,
            schemas.ToArray());
        return tables.ToDictionary(static table => table.Oid);
    }
}
