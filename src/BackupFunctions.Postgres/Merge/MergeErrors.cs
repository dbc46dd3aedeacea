using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Merge;

internal static class MergeErrors
{
    public static PgdrException Refused(string database, string cause) =>
        new(ErrorCodes.MergeRefused, $"The merge into database {Sql.Identifier(database)} is refused, nothing was written: {cause}");

    /// <summary>The server ended the session, or itself.</summary>
    public static bool IsBroken(PostgresException exception) => exception.SqlState is
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.IdleSessionTimeout
        || exception.SqlState.StartsWith("08", StringComparison.Ordinal);

    /// <param name="request">What was merged: of several tenants, those before this one are written.</param>
    /// <param name="server">Has both databases.</param>
    /// <param name="committing">The last statement sent was the commit: only the server knows what became of it.</param>
    /// <param name="exception">The cause.</param>
    public static PgdrException Broken(MergeRequest request, ServerConnection server, bool committing, NpgsqlException exception) => new(
        ErrorCodes.ServerUnreachable,
        $"The connection to server {server.Endpoint} broke in the merge {(request.Tenant is { } tenant ? $"of tenant '{tenant}' " : string.Empty)}into database {Sql.Identifier(request.Live)}"
        + (committing ? ", at its very end: plan it again, which shows whether it was written." : ", nothing was written: see the server's log, and merge again."),
        exception);

    /// <summary>The server's own message names constraint or table; its details, which hold values, are left out.</summary>
    public static PgdrException Explain(string database, ServerConnection server, PostgresException exception)
    {
        var said = exception.MessageText.ReplaceLineEndings(" ");
        var table = exception.TableName is { } name ? $" (table {exception.SchemaName}.{name})" : string.Empty;
        return exception.SqlState switch
        {
            PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected => new PgdrException(
                ErrorCodes.MergeLocked,
                $"The merge into database {Sql.Identifier(database)} could not lock its tables, nothing was written: end the sessions that write to them, or merge at a quieter time.",
                exception),
            PostgresErrorCodes.DiskFull or PostgresErrorCodes.ConfigurationLimitExceeded => new PgdrException(
                ErrorCodes.DiskFull, $"Server {server.Endpoint} has no space for the rows that are compared: free some, or merge fewer tables at once.", exception),
            PostgresErrorCodes.InsufficientPrivilege => new PgdrException(
                ErrorCodes.PermissionMissing,
                $"A merge on server {server.Endpoint} needs a superuser; run: ALTER ROLE {Sql.Identifier(server.Username)} SUPERUSER; or configure another user.",
                exception),
            PostgresErrorCodes.InvalidTextRepresentation or PostgresErrorCodes.NumericValueOutOfRange => new PgdrException(
                ErrorCodes.MergeRefused,
                $"The merge into database {Sql.Identifier(database)} is refused, nothing was written: the server does not take a value of the backup, or the tenant's name ({exception.SqlState}); check the types and the name.",
                exception),
            var state when state.StartsWith("23", StringComparison.Ordinal) => new PgdrException(
                ErrorCodes.MergeRefused,
                $"The merge into database {Sql.Identifier(database)} is refused, nothing was written: {said.TrimEnd('.')}{table}; correct the live rows, or leave that table out.",
                exception),
            _ => new PgdrException(
                ErrorCodes.MergeRefused,
                $"The merge into database {Sql.Identifier(database)} failed, nothing was written ({exception.SqlState}): see the server's log, and plan it again.",
                exception),
        };
    }
}
