using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Merge;

internal static class MergeErrors
{
    public static PgdrException Refused(string database, string cause) =>
        new(ErrorCodes.MergeRefused, $"The merge into database {Sql.Identifier(database)} is refused, nothing was written: {cause}");

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
