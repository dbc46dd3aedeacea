using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>How values of tenant columns are written and compared.</summary>
internal static class TenantColumnReader
{
    // -1 in place of the length: format_type(bpchar, null) is character, which as a cast cuts to one. Operators of extensions (citext) are
    // not found with an empty search path, and another one would be taken.
    private const string Query = """
        select w.tab, a.attname::text, format_type(a.atttypid, -1),
               (select format('OPERATOR(%I.%s)', n.nspname, o.oprname)
                from pg_opclass c join pg_am m on m.oid = c.opcmethod and m.amname = 'btree'
                  join pg_amop p on p.amopfamily = c.opcfamily and p.amoplefttype = c.opcintype and p.amoprighttype = c.opcintype and p.amopstrategy = 3
                  join pg_operator o on o.oid = p.amopopr join pg_namespace n on n.oid = o.oprnamespace
                where c.opcdefault and c.opcintype = coalesce(nullif(t.typbasetype, 0), t.oid) and n.nspname <> 'pg_catalog' limit 1)
        from unnest($1::bigint[], $2::text[]) w(tab, col)
          join pg_attribute a on a.attrelid = w.tab::oid and a.attname = w.col join pg_type t on t.oid = a.atttypid
        """;

    /// <returns>By the table's OID.</returns>
    public static async Task<Dictionary<long, TenantColumnFacts>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<(long Table, string Column)> columns, CancellationToken cancellationToken) =>
        (await connection.QueryAsync(
            Query,
            static row => (Table: row.GetInt64(0), Facts: new TenantColumnFacts(row.GetString(1), row.GetString(2), row.TextOrNull(3) ?? "=")),
            cancellationToken,
            columns.Select(static each => each.Table).ToArray(),
            columns.Select(static each => each.Column).ToArray())).ToDictionary(static each => each.Table, static each => each.Facts);
}
