using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Dump;

/// <summary>Roles of the whole server, without the predefined ones (pg_*).</summary>
internal static class RoleReader
{
    private const string Query = """
        select r.rolname::text, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication,
               r.rolbypassrls, r.rolconnlimit, nullif(r.rolvaliduntil, 'infinity'), {0},
               array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid
                     where m.member = r.oid group by 1 order by 1),
               coalesce((select s.setconfig from pg_db_role_setting s where s.setrole = r.oid and s.setdatabase = 0), '{}')
        from pg_roles r where r.rolname !~ '^pg_' order by r.rolname
        """;

    public static Task<bool> CanReadHashesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.SingleAsync<bool>("select has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'SELECT')", cancellationToken);

    public static async Task<IReadOnlyList<RoleDefinition>> ReadAsync(
        NpgsqlConnection connection, bool withHashes, CancellationToken cancellationToken)
    {
        var hash = withHashes ? "(select a.rolpassword from pg_authid a where a.oid = r.oid)" : "null::text";
        return await connection.QueryAsync(Query.Replace("{0}", hash, StringComparison.Ordinal), Read, cancellationToken);
    }

    private static RoleDefinition Read(NpgsqlDataReader row) => new()
    {
        Name = row.GetString(0),
        Superuser = row.GetBoolean(1),
        Inherit = row.GetBoolean(2),
        CreateRole = row.GetBoolean(3),
        CreateDatabase = row.GetBoolean(4),
        CanLogin = row.GetBoolean(5),
        Replication = row.GetBoolean(6),
        BypassRowLevelSecurity = row.GetBoolean(7),
        ConnectionLimit = row.GetInt32(8),
        ValidUntil = row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
        PasswordHash = row.TextOrNull(10),
        MemberOf = row.GetFieldValue<string[]>(11),
        Settings = row.GetFieldValue<string[]>(12),
    };
}
