using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Swap;

/// <summary>Reads what belongs to a database but not into its dump.</summary>
public static class DatabasePropertiesReader
{
    private const string Query = """
        select d.datname::text, pg_get_userbyid(d.datdba)::text, pg_encoding_to_char(d.encoding)::text, {provider}, d.datcollate::text,
               d.datctype::text, {locale}, {rules}, t.spcname::text, d.datconnlimit, d.datallowconn, d.datistemplate,
               shobj_description(d.oid, 'pg_database'), d.datacl::text[]
        from pg_database d join pg_tablespace t on t.oid = d.dattablespace where d.oid = $1::bigint::oid
        """;

    private const string Settings = """
        select r.rolname::text, s.entry from pg_db_role_setting d
          cross join unnest(d.setconfig) with ordinality s(entry, at) left join pg_roles r on r.oid = d.setrole
        where d.setdatabase = $1::bigint::oid and (d.setrole = 0 or r.oid is not null)
        order by r.rolname nulls first, s.at
        """;

    /// <summary>Null when there is no such database.</summary>
    public static async Task<DatabaseProperties?> ReadAsync(ServerConnection server, string database, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenMaintenanceAsync(excluded: null, cancellationToken);
        return await DatabaseRow.FindAsync(connection, database, cancellationToken) is { } row
            ? await ReadAsync(connection, row.Oid, cancellationToken)
            : null;
    }

    internal static async Task<DatabaseProperties> ReadAsync(NpgsqlConnection connection, long oid, CancellationToken cancellationToken)
    {
        var settings = await connection.QueryAsync(Settings, ReadSetting, cancellationToken, oid);
        return (await connection.QueryAsync(
            QueryFor(connection.PostgreSqlVersion.Major), row => Read(row, settings), cancellationToken, oid)).Single();
    }

    private static string QueryFor(int major)
    {
        var provider = major >= 15 ? "case d.datlocprovider when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end" : "'libc'";
        var locale = major >= 17 ? "d.datlocale::text" : major >= 15 ? "d.daticulocale::text" : "null::text";
        var rules = major >= 16 ? "d.daticurules::text" : "null::text";
        return Query
            .Replace("{provider}", provider, StringComparison.Ordinal)
            .Replace("{locale}", locale, StringComparison.Ordinal)
            .Replace("{rules}", rules, StringComparison.Ordinal);
    }

    private static DatabaseSetting ReadSetting(NpgsqlDataReader row)
    {
        var (name, value) = ConfigEntry.Split(row.GetString(1));
        return new DatabaseSetting(row.TextOrNull(0), name, value);
    }

    private static DatabaseProperties Read(NpgsqlDataReader row, IReadOnlyList<DatabaseSetting> settings) => new()
    {
        Name = row.GetString(0),
        Owner = row.GetString(1),
        Encoding = row.GetString(2),
        LocaleProvider = row.GetString(3),
        Collate = row.GetString(4),
        Ctype = row.GetString(5),
        Locale = row.TextOrNull(6),
        IcuRules = row.TextOrNull(7),
        Tablespace = row.GetString(8),
        ConnectionLimit = row.GetInt32(9),
        AllowConnections = row.GetBoolean(10),
        IsTemplate = row.GetBoolean(11),
        Comment = row.TextOrNull(12),
        Acl = row.IsDBNull(13) ? null : row.GetFieldValue<string[]>(13),
        Settings = settings,
    };
}
