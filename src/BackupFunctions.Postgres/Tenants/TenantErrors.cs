using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>What goes wrong with one tenant, in one sentence that never has a row's content.</summary>
internal static class TenantErrors
{
    public static PgdrException ForeignRows(string tenant, string table, long rows) => new(
        ErrorCodes.TenantForeignRows, $"{rows} rows of table {table} that were read for tenant '{tenant}' are of other tenants: nothing of it is kept, report it.");

    public static PgdrException Leaving(string tenant, PlannedTable planned, TenantReference reference, long rows) => new(
        ErrorCodes.TenantForeignRows,
        planned.Table.Kind == TenantTableKind.Shared
            ? $"{rows} rows of the shared table {planned.Relation.Title} refer by {reference.Constraint} to rows of {reference.Schema}.{reference.Table} that are not of tenant '{tenant}': "
                + "a table like that cannot be shared with its rows, name its tenant column or leave rows of shared tables out."
            : $"{rows} rows of table {planned.Relation.Title} belong to tenant '{tenant}' and refer by {reference.Constraint} to rows of {reference.Schema}.{reference.Table} "
                + "that do not: correct those rows, or name the column that tells whose they are.");

    public static PgdrException Unknown(TenantSnapshot snapshot, string tenant, string cause) => new(
        ErrorCodes.TenantUnknown,
        snapshot.Hidden.Count > 0
            ? $"Tenant '{tenant}' of database '{snapshot.Database}' cannot be backed up: {cause} that row level security shows; correct the name, or the context that the policies read."
            : $"Tenant '{tenant}' of database '{snapshot.Database}' is not known: {cause}; correct the name.");

    public static PgdrException Explain(TenantSnapshot snapshot, string tenant, PostgresException exception)
    {
        var (code, remedy) = exception.SqlState switch
        {
            PostgresErrorCodes.InvalidTextRepresentation or PostgresErrorCodes.NumericValueOutOfRange or PostgresErrorCodes.InvalidDatetimeFormat =>
                (ErrorCodes.TenantUnknown, "correct the name"),
            PostgresErrorCodes.InsufficientPrivilege => (ErrorCodes.PermissionMissing, $"grant that to role {Sql.Identifier(snapshot.Server.Username)}, or ALTER ROLE {Sql.Identifier(snapshot.Server.Username)} BYPASSRLS;"),
            PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.UndefinedColumn =>
                (ErrorCodes.TenantTables, "functions of policies need qualified names, or a SET search_path of their own"),
            PostgresErrorCodes.ReadOnlySqlTransaction => (ErrorCodes.TenantTables, "configure a context call that only reads and sets"),
            _ => (ErrorCodes.ToolFailed, "see the server's log, and try again"),
        };
        return new PgdrException(
            code, $"Tenant '{tenant}' of database '{snapshot.Database}' cannot be read ({exception.MessageText.ReplaceLineEndings(" ")}): {remedy}{(remedy.EndsWith(';') ? string.Empty : ".")}", exception);
    }
}
