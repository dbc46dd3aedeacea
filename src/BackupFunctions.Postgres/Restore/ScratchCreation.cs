using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Restore;

internal static class ScratchCreation
{
    /// <summary>Made closed: until the comment is on it nobody can connect.</summary>
    public static async Task RunAsync(
        NpgsqlConnection connection, ServerConnection server, string name, DatabaseProperties properties, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync(Statement(name, properties, connection.PostgreSqlVersion.Major), cancellationToken);
        }
        catch (PostgresException exception)
        {
            throw new PgdrException(
                exception.SqlState is PostgresErrorCodes.DiskFull ? ErrorCodes.DiskFull : ErrorCodes.ToolFailed,
                $"Server {server.Endpoint} cannot create a database like {Sql.Identifier(properties.Name)} ({exception.MessageText}); "
                + "provide that locale, tablespace or space there, or restore onto another server.",
                exception);
        }
    }

    private static string Statement(string name, DatabaseProperties properties, int serverMajor)
    {
        var options = new List<string>
        {
            "TEMPLATE = template0",
            $"ENCODING = {Sql.Literal(properties.Encoding)}",
            $"LC_COLLATE = {Sql.Literal(properties.Collate)}",
            $"LC_CTYPE = {Sql.Literal(properties.Ctype)}",
            $"TABLESPACE = {Sql.Identifier(properties.Tablespace)}",
            "ALLOW_CONNECTIONS = false",
            "CONNECTION LIMIT = 0",
        };
        if (serverMajor >= 15)
        {
            options.Add($"LOCALE_PROVIDER = {properties.LocaleProvider}");
        }

        if (properties.Locale is { } locale)
        {
            options.Add($"{(properties.LocaleProvider is "builtin" ? "BUILTIN_LOCALE" : "ICU_LOCALE")} = {Sql.Literal(locale)}");
        }

        if (properties.IcuRules is { } rules)
        {
            options.Add($"ICU_RULES = {Sql.Literal(rules)}");
        }

        return $"CREATE DATABASE {Sql.Identifier(name)} WITH {string.Join(' ', options)}";
    }
}
