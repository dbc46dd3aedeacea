using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Swap;

/// <summary>Carries owner, privileges and settings over to another database.</summary>
internal static class DatabasePropertiesApplier
{
    // As it takes effect: no ACL means the owner's defaults.
    private const string EffectiveAcl = """
        select array(select unnest(coalesce($1::text[]::aclitem[], acldefault('d', r.oid)))::text order by 1)
        from pg_roles r where r.rolname = $2
        """;

    /// <summary>
    /// Owner, ACL, settings, role-in-database settings: in one transaction, and the same however often it runs. Comment, limits and
    /// connections follow at the rename.
    /// </summary>
    public static async Task ApplyAsync(
        NpgsqlConnection connection, string database, DatabaseProperties properties, CancellationToken cancellationToken)
    {
        var name = Sql.Identifier(database);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync($"ALTER DATABASE {name} OWNER TO {Sql.Identifier(properties.Owner)}", cancellationToken);
        await DatabaseAcl.ApplyAsync(connection, database, properties, cancellationToken);
        await ResetSettingsAsync(connection, database, cancellationToken);
        foreach (var setting in properties.Settings)
        {
            var target = setting.Role is { } role ? $"ALTER ROLE {Sql.Identifier(role)} IN DATABASE {name}" : $"ALTER DATABASE {name}";
            await connection.ExecuteAsync($"{target} {ConfigEntry.SetClause(setting.Name, setting.Value)}", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The names of the properties that differ; empty when none does.</summary>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(
        NpgsqlConnection connection, DatabaseProperties expected, DatabaseProperties found, CancellationToken cancellationToken)
    {
        var expectedAcl = await AclAsync(expected);
        var foundAcl = await AclAsync(found);
        (string Name, bool Same)[] checks =
        [
            ("name", Same(expected.Name, found.Name)),
            ("owner", Same(expected.Owner, found.Owner)),
            ("privileges", expectedAcl.AsSpan().SequenceEqual(foundAcl)),
            ("settings", expected.Settings.ToHashSet().SetEquals(found.Settings)),
            ("comment", Same(expected.Comment, found.Comment)),
            ("connection limit", expected.ConnectionLimit == found.ConnectionLimit),
            ("allowed connections", expected.AllowConnections == found.AllowConnections),
            ("being a template", expected.IsTemplate == found.IsTemplate),
        ];
        return [.. checks.Where(static check => !check.Same).Select(static check => check.Name)];

        async Task<string[]> AclAsync(DatabaseProperties properties) => await connection.SingleAsync<string[]>(
            EffectiveAcl, cancellationToken, (object?)properties.Acl?.ToArray() ?? DBNull.Value, properties.Owner);
    }

    private static async Task ResetSettingsAsync(NpgsqlConnection connection, string database, CancellationToken cancellationToken)
    {
        var statements = await connection.QueryAsync(
            """
            select case d.setrole when 0 then format('ALTER DATABASE %I RESET ALL', $1)
                   else format('ALTER ROLE %I IN DATABASE %I RESET ALL', pg_get_userbyid(d.setrole), $1) end
            from pg_db_role_setting d where d.setdatabase = (select oid from pg_database where datname = $1)
            """,
            static row => row.GetString(0),
            cancellationToken,
            database);
        foreach (var statement in statements)
        {
            await connection.ExecuteAsync(statement, cancellationToken);
        }
    }

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);
}
