using System.Security.Authentication;
using BackupFunctions.Contracts;
using Npgsql;

namespace BackupFunctions.Postgres.Servers;

/// <summary>Turns what a connection attempt threw into one sentence with cause and remedy.</summary>
internal static class ConnectionFailure
{
    public static PgdrException Explain(ServerConnection server, string database, Exception exception)
    {
        var (code, sentence) = exception switch
        {
            PostgresException refused => Refused(server, database, refused),
            NpgsqlException { InnerException: AuthenticationException inner } => (
                ErrorCodes.ServerUnreachable,
                $"The TLS connection to server {server.Endpoint} failed ({OneLine(inner)}); check its certificate, the root certificate and the SSL mode."),
            NpgsqlException when exception.Message.Contains("assword", StringComparison.Ordinal) => (
                ErrorCodes.ServerRefusedLogin,
                $"Server {server.Endpoint} asks for a password for user {server.Username} and none is configured; set it."),
            _ => (
                ErrorCodes.ServerUnreachable,
                $"Server {server.Endpoint} cannot be reached ({OneLine(exception.InnerException ?? exception)}); check that it runs, host, port and firewall."),
        };
        return new PgdrException(code, sentence, exception);
    }

    private static (string Code, string Sentence) Refused(ServerConnection server, string database, PostgresException refused) =>
        refused.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => (
                ErrorCodes.ServerRefusedLogin,
                $"Server {server.Endpoint} refused user {server.Username} ({refused.MessageText}); check user, password and pg_hba.conf."),
            PostgresErrorCodes.InvalidCatalogName => (
                ErrorCodes.DatabaseUnknown,
                $"Server {server.Endpoint} has no database {Sql.Identifier(database)}; check the name."),
            PostgresErrorCodes.InsufficientPrivilege => (
                ErrorCodes.PermissionMissing,
                $"User {server.Username} may not connect to the database on server {server.Endpoint}; "
                + $"run: GRANT CONNECT ON DATABASE {Sql.Identifier(database)} TO {Sql.Identifier(server.Username)};"),
            PostgresErrorCodes.ObjectNotInPrerequisiteState => (
                ErrorCodes.PermissionMissing,
                $"Database {Sql.Identifier(database)} on server {server.Endpoint} accepts no connections; "
                + $"run: ALTER DATABASE {Sql.Identifier(database)} ALLOW_CONNECTIONS true;"),
            _ => (
                ErrorCodes.ServerUnreachable,
                $"Server {server.Endpoint} does not take the connection ({refused.MessageText}); try again when it does, or fix that cause."),
        };

    private static string OneLine(Exception exception) => exception.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
