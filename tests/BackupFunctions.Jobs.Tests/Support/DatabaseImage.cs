using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Support;

/// <summary>A database as others than the code under test see it: pg_dump's text, and what the catalogs say of the database itself.</summary>
internal sealed record DatabaseImage(string Dump, string Properties)
{
    private const string PropertiesSql = """
        select concat_ws('|', d.datname, pg_get_userbyid(d.datdba), pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, d.datconnlimit,
               d.datallowconn, d.datistemplate, shobj_description(d.oid, 'pg_database'),
               (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(d.datacl, acldefault('d', d.datdba))) a),
               (select string_agg(coalesce(r.rolname, '-') || s.setconfig::text, ',' order by r.rolname)
                from pg_db_role_setting s left join pg_roles r on r.oid = s.setrole where s.setdatabase = d.oid))
        from pg_database d where d.datname = $name
        """;

    public static async Task<DatabaseImage> TakeAsync(PostgresServer server, string database)
    {
        var connection = $"dbname='{database.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'"
            + $" host=127.0.0.1 port={server.Port} user=postgres";
        var text = await CommandLine.RunAsync(
            "env", $"PGPASSWORD={PostgresServer.SuperuserPassword}", Path.Combine(server.Binaries, "pg_dump"), "--dbname", connection);
        // In any order; the tokens of \restrict are random.
        var lines = text.Split('\n').Where(line => !line.Contains("restrict ", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        var literal = $"'{database.Replace("'", "''", StringComparison.Ordinal)}'";
        var properties = await server.ScalarAsync<string>(PropertiesSql.Replace("$name", literal, StringComparison.Ordinal));
        return new DatabaseImage(string.Join('\n', lines), properties ?? "none");
    }
}
