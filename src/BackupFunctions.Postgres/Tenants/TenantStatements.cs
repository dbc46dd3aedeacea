using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Tenants;

internal static class TenantStatements
{
    /// <summary>The tenant's rows of a table, columns as they are restored.</summary>
    public static string Select(PlannedTable planned, TenantPredicate predicate)
    {
        var columns = string.Join(", ", planned.Relation.Columns.Select(static column => $"t0.{Sql.Identifier(column)}"));
        return $"SELECT {columns} FROM {TenantPredicate.Rows(planned.Table)} t0 {Where(planned, predicate)}";
    }

    /// <summary>How many those are, and for each reference how many of them refer to rows that are not the tenant's.</summary>
    public static string Count(PlannedTable planned, TenantPredicate predicate) =>
        $"SELECT count(*){string.Concat(planned.Table.References.Select(reference => $", count(*) FILTER (WHERE {predicate.Leaving(reference)})"))} "
        + $"FROM {TenantPredicate.Rows(planned.Table)} t0 {Where(planned, predicate)}";

    /// <summary>Rows of a restored table that are not the tenant's.</summary>
    public static string CountForeign(TenantTable table, TenantPredicate predicate) =>
        $"SELECT count(*) FROM {TenantPredicate.Rows(table)} t0 WHERE ({predicate.Of(table)}) IS NOT TRUE";

    // The filter of an extension's configuration table is written for its bare columns.
    private static string Where(PlannedTable planned, TenantPredicate predicate) =>
        planned.Relation.Filter ?? (planned.Table.Kind == TenantTableKind.Shared ? string.Empty : $"WHERE {predicate.Of(planned.Table)}");
}
