using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Dump;

/// <summary>
/// Features of newer versions that a dump spells out in words that older servers do not take: each with the query that names an object
/// which uses it, asked on servers that can have it. From the release notes of PostgreSQL 15 to 18 and what their pg_dump writes.
/// </summary>
internal static class VersionFeatures
{
    private const string UserTables = """
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
          {0} where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        """;

    private static readonly (int Since, string Name, string Query)[] All =
    [
        (15, "unique indexes with NULLS NOT DISTINCT", Tables("join pg_index i on i.indexrelid = c.oid", "i.indnullsnotdistinct")),
        (15, "views with security_invoker", Tables("", "c.relkind = 'v' and c.reloptions::text ~ 'security_invoker=(true|on|1|yes)'")),
        (15, "publications of schemas, of rows or of columns", """
            select quote_ident(p.pubname) from pg_publication p where exists (select from pg_publication_namespace s where s.pnpubid = p.oid)
              or exists (select from pg_publication_rel r where r.prpubid = p.oid and (r.prqual is not null or r.prattrs is not null))
            """),
        (15, "ICU as the locale provider of a database", "select 'the database itself' from pg_database where datname = current_database() and datlocprovider = 'i'"),
        (16, "collations with ICU rules", "select quote_ident(collname) from pg_collation where collicurules is not null"),
        (17, "the locale provider builtin", """
            select 'collation ' || quote_ident(collname) from pg_collation c join pg_namespace n on n.oid = c.collnamespace
            where collprovider = 'b' and n.nspname <> 'pg_catalog'
            union all select 'the database itself' from pg_database where datname = current_database() and datlocprovider = 'b'
            """),
        (17, "the privilege MAINTAIN granted by itself", Tables(
            "cross join lateral (select bool_or(privilege_type = 'MAINTAIN') maintains, count(*) privileges from aclexplode(c.relacl) group by grantee, grantor, is_grantable) a",
            "c.relkind in ('r', 'p', 'v', 'm', 'f') and a.maintains and a.privileges < 8")),
        (17, "access methods of partitioned tables", Tables("", "c.relkind = 'p' and c.relam <> 0")),
        (17, "event triggers on login", "select quote_ident(evtname) from pg_event_trigger where evtevent = 'login'"),
        (17, "SQL/JSON functions in views", Tables(
            "", "c.relkind in ('v', 'm') and pg_get_viewdef(c.oid) ~ '\\m(JSON_TABLE|JSON_VALUE|JSON_QUERY|JSON_EXISTS|JSON_SCALAR|JSON_SERIALIZE)\\('")),
        (18, "virtual generated columns", Tables("join pg_attribute a on a.attrelid = c.oid", "a.attgenerated = 'v' and not a.attisdropped")),
        (18, "constraints that are not enforced", Constraints("not k.conenforced")),
        (18, "constraints with WITHOUT OVERLAPS or PERIOD", Constraints("k.conperiod")),
        (18, "NOT NULL constraints that are not valid, not inherited, or a table's own beside an inherited one",
            Constraints("k.contype = 'n' and (not k.convalidated or k.connoinherit or (k.conislocal and k.coninhcount > 0 and not c.relispartition))")),
        (18, "publications of generated columns", "select quote_ident(pubname) from pg_publication where pubgencols <> 'n'"),
    ];

    /// <summary>Those in use that not every supported version has.</summary>
    public static async Task<IReadOnlyList<VersionFeature>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var features = new List<VersionFeature>();
        foreach (var (since, name, query) in All.Where(each => each.Since <= connection.PostgreSqlVersion.Major))
        {
            var examples = await connection.QueryAsync($"{query} limit 1", static row => row.GetString(0), cancellationToken);
            features.AddRange(examples.Select(example => new VersionFeature(name, since, example)));
        }

        return features;
    }

    private static string Tables(string join, string condition) =>
        $"select format('%I.%I', n.nspname, c.relname) {UserTables.Replace("{0}", join, StringComparison.Ordinal)} and {condition}";

    private static string Constraints(string condition) => Tables("join pg_constraint k on k.conrelid = c.oid", condition);
}
