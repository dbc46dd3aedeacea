using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Swap;
using Npgsql;

namespace BackupFunctions.Postgres.Restore;

/// <summary>Creates the roles that a server lacks; those it has are never changed.</summary>
public static class RoleRestore
{
    /// <summary>
    /// All in one transaction. Memberships in predefined roles that this server's version does not know are left out.
    /// </summary>
    /// <exception cref="PgdrException">database.permission without superuser rights; tool.failed when the server refuses one.</exception>
    public static async Task<RolesCreated> CreateMissingAsync(
        ServerConnection server, IReadOnlyList<RoleDefinition> roles, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
        var known = await NamesAsync(connection, cancellationToken);
        var missing = roles.Where(role => !known.Contains(role.Name)).ToArray();
        if (missing.Length == 0)
        {
            return new RolesCreated([], []);
        }

        await SuperuserCheck.RunAsync(connection, server, cancellationToken);
        var grants = new MembershipGrants(connection.PostgreSqlVersion.Major);
        try
        {
            await CreateAsync(connection, missing, grants, cancellationToken);
        }
        catch (PostgresException exception)
        {
            throw new PgdrException(
                ErrorCodes.ToolFailed,
                $"Server {server.Endpoint} does not take the roles of the backup ({exception.MessageText}); none was created, create them by hand or remove that cause.",
                exception);
        }

        return new RolesCreated([.. missing.Select(static role => role.Name)], grants.Warnings);
    }

    private static async Task CreateAsync(NpgsqlConnection connection, RoleDefinition[] missing, MembershipGrants grants, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Password hashes stand in these statements.
        await connection.ExecuteAsync(
            "set local log_statement = 'none'; set local log_min_duration_statement = -1; set local log_min_error_statement = 'panic'",
            cancellationToken);
        foreach (var role in missing)
        {
            await connection.ExecuteAsync(Create(role), cancellationToken);
        }

        var now = await NamesAsync(connection, cancellationToken);
        foreach (var statement in missing.SelectMany(role => grants.For(role, now)).Concat(missing.SelectMany(Settings)))
        {
            await connection.ExecuteAsync(statement, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<HashSet<string>> NamesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await connection.QueryAsync("select rolname::text from pg_roles", static row => row.GetString(0), cancellationToken))
        .ToHashSet(StringComparer.Ordinal);

    private static string Create(RoleDefinition role)
    {
        var options = new List<string>
        {
            role.Superuser ? "SUPERUSER" : "NOSUPERUSER",
            role.Inherit ? "INHERIT" : "NOINHERIT",
            role.CreateRole ? "CREATEROLE" : "NOCREATEROLE",
            role.CreateDatabase ? "CREATEDB" : "NOCREATEDB",
            role.CanLogin ? "LOGIN" : "NOLOGIN",
            role.Replication ? "REPLICATION" : "NOREPLICATION",
            role.BypassRowLevelSecurity ? "BYPASSRLS" : "NOBYPASSRLS",
            string.Create(CultureInfo.InvariantCulture, $"CONNECTION LIMIT {role.ConnectionLimit}"),
        };
        if (role.ValidUntil is { } until)
        {
            options.Add($"VALID UNTIL '{until.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00'");
        }

        if (role.PasswordHash is { } hash)
        {
            options.Add($"PASSWORD {Sql.Literal(hash)}");
        }

        return $"CREATE ROLE {Sql.Identifier(role.Name)} WITH {string.Join(' ', options)}";
    }

    private static IEnumerable<string> Settings(RoleDefinition role) =>
        role.Settings.Select(ConfigEntry.Split)
            .Select(setting => $"ALTER ROLE {Sql.Identifier(role.Name)} {ConfigEntry.SetClause(setting.Name, setting.Value)}");
}
