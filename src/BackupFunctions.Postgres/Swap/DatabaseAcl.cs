using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Swap;

/// <summary>Privileges on a database from aclitem texts, each granted by the role that granted it.</summary>
internal static class DatabaseAcl
{
    // The server parses its own text form and knows the names; acldefault where no ACL was set.
    private const string Expand = """
        select case a.grantee when 0 then null else pg_get_userbyid(a.grantee)::text end, a.privilege_type::text, a.is_grantable,
               pg_get_userbyid(a.grantor)::text
        from pg_roles r, aclexplode(coalesce($1::text[]::aclitem[], acldefault('d', r.oid))) a where r.rolname = $2
        order by 4, 3 desc, 1, 2
        """;

    private const string Grantees = """
        select distinct case a.grantee when 0 then null else pg_get_userbyid(a.grantee)::text end
        from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a where d.datname = $1
        """;

    public static async Task ApplyAsync(
        NpgsqlConnection connection, string database, DatabaseProperties properties, CancellationToken cancellationToken)
    {
        var name = Sql.Identifier(database);
        foreach (var grantee in await connection.QueryAsync(Grantees, static row => row.TextOrNull(0), cancellationToken, database))
        {
            await connection.ExecuteAsync($"REVOKE ALL ON DATABASE {name} FROM {Role(grantee)} CASCADE", cancellationToken);
        }

        var grants = await connection.QueryAsync(
            Expand,
            static row => new DatabaseGrant(row.TextOrNull(0), row.GetString(1), row.GetBoolean(2), row.GetString(3)),
            cancellationToken,
            (object?)properties.Acl?.ToArray() ?? DBNull.Value,
            properties.Owner);
        foreach (var grant in InOrder(grants, properties.Owner))
        {
            // GRANT is recorded as the current role's deed.
            await connection.ExecuteAsync($"SET LOCAL ROLE {Sql.Identifier(grant.Grantor)}", cancellationToken);
            var option = grant.Grantable ? " WITH GRANT OPTION" : "";
            await connection.ExecuteAsync($"GRANT {grant.Privilege} ON DATABASE {name} TO {Role(grant.Grantee)}{option}", cancellationToken);
        }

        await connection.ExecuteAsync("RESET ROLE", cancellationToken);
    }

    /// <summary>The owner's grants, then those of roles that hold the grant option by then, and so on.</summary>
    private static List<DatabaseGrant> InOrder(List<DatabaseGrant> grants, string owner)
    {
        var ordered = new List<DatabaseGrant>();
        var pending = grants.ToList();
        while (pending.Count > 0)
        {
            var next = pending.FindAll(grant => MayGrant(grant, owner, ordered));
            // A ring of grantors cannot be granted in any order: the server refuses it with its own words.
            next = next.Count > 0 ? next : pending;
            ordered.AddRange(next);
            pending = [.. pending.Except(next)];
        }

        return ordered;
    }

    private static bool MayGrant(DatabaseGrant grant, string owner, List<DatabaseGrant> before) =>
        string.Equals(grant.Grantor, owner, StringComparison.Ordinal)
        || before.Exists(each => each.Grantable
            && string.Equals(each.Grantee, grant.Grantor, StringComparison.Ordinal)
            && string.Equals(each.Privilege, grant.Privilege, StringComparison.Ordinal));

    private static string Role(string? grantee) => grantee is null ? "PUBLIC" : Sql.Identifier(grantee);
}
