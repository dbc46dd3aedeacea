using System.Text.Json;
using BackupFunctions.Contracts;
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
               coalesce((select json_agg(membership order by membership."group") from ({1}) membership), '[]')::text,
               coalesce((select s.setconfig from pg_db_role_setting s where s.setrole = r.oid and s.setdatabase = 0), '{}')
        from pg_roles r where r.rolname !~ '^pg_' order by r.rolname
        """;

    // Several grantors: what any of them allows. Servers before 16 have admin_option alone.
    private const string Memberships = """
        select g.rolname::text as "group", bool_or(m.admin_option) as admin,
               bool_or((to_jsonb(m)->>'inherit_option')::bool) as inherit, bool_or((to_jsonb(m)->>'set_option')::bool) as set
        from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid group by 1
        """;

    public static Task<bool> CanReadHashesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.SingleAsync<bool>("select has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'SELECT')", cancellationToken);

    public static async Task<IReadOnlyList<RoleDefinition>> ReadAsync(
        NpgsqlConnection connection, bool withHashes, CancellationToken cancellationToken)
    {
        var hash = withHashes ? "(select a.rolpassword from pg_authid a where a.oid = r.oid)" : "null::text";
        var query = Query.Replace("{0}", hash, StringComparison.Ordinal).Replace("{1}", Memberships, StringComparison.Ordinal);
        return await connection.QueryAsync(query, Read, cancellationToken);
    }

    private static RoleDefinition Read(NpgsqlDataReader row)
    {
        var memberships = JsonSerializer.Deserialize<List<RoleMembership>>(row.GetString(11), ContractJson.Options)!;
        return Read(row, memberships);
    }

    private static RoleDefinition Read(NpgsqlDataReader row, List<RoleMembership> memberships) => new()
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
        MemberOf = [.. memberships.Select(static membership => membership.Group)],
        Memberships = memberships,
        Settings = row.GetFieldValue<string[]>(12),
    };
}
