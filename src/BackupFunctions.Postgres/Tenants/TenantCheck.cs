using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>A restored database of one tenant holds no row of another, whatever was selected when the backup was taken.</summary>
public static class TenantCheck
{
    /// <exception cref="PgdrException">tenant.foreign-rows naming table and count.</exception>
    public static async Task RunAsync(ServerConnection server, string scratch, TenantContents contents, CancellationToken cancellationToken)
    {
        var predicate = new TenantPredicate(contents.Tables, contents.Id);
        await using var connection = await ComparisonConnection.OpenAsync(server, scratch, cancellationToken);
        foreach (var table in contents.Tables.Where(static table => table is { HasTenant: true, Partitioned: false }))
        {
            if (await connection.SingleAsync<long>(TenantStatements.CountForeign(table, predicate), cancellationToken) is > 0 and var rows)
            {
                throw new PgdrException(
                    ErrorCodes.TenantForeignRows,
                    $"{rows} rows of table {table.Schema}.{table.Name} in the restored database {Sql.Identifier(scratch)} are not of tenant '{contents.Id}': do not use this backup.");
            }
        }
    }
}
