using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>What no tenant's backup has, found once for all of them.</summary>
internal static class TenantWarnings
{
    private const int Shown = 5;

    // oid, and lo of the extension of that name.
    private const string LargeObjectColumns = """
        select format('%I.%I.%I', n.nspname, c.relname, a.attname)
        from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace join pg_type t on t.oid = a.atttypid
        where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and not c.relispartition and (t.oid = 'pg_catalog.oid'::regtype or (t.typname = 'lo' and t.typbasetype = 'pg_catalog.oid'::regtype))
        order by 1 limit 6
        """;

    /// <param name="connection">In the snapshot.</param>
    /// <param name="plan">Of the tables.</param>
    /// <param name="countOthers">Also count rows that belong to no tenant, for which whole tables may have to be read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlConnection connection, TenantPlan plan, bool countOthers, CancellationToken cancellationToken)
    {
        var warnings = new List<string>();
        foreach (var planned in plan.Tables.Where(planned => countOthers && planned.Table.HasTenant && !planned.Relation.IsPartition && !planned.Relation.Hidden && MayBeNobodys(planned)))
        {
            if (await connection.SingleAsync<long>(Nobodys(planned.Table), cancellationToken) is > 0 and var rows)
            {
                warnings.Add($"{rows} rows of table {planned.Relation.Title} belong to no tenant, for their {Keys(planned.Table)} is null: they are in no backup of a tenant.");
            }
        }

        return [.. warnings, .. await LargeObjectsAsync(connection, cancellationToken)];
    }

    /// <summary>Rows of a tenant may have their OIDs, which lead nowhere once the tenant is restored alone.</summary>
    public static async Task<IReadOnlyList<string>> LargeObjectsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!await connection.SingleAsync<bool>("select exists (select from pg_largeobject_metadata)", cancellationToken))
        {
            return [];
        }

        var columns = await connection.QueryAsync(LargeObjectColumns, static row => row.GetString(0), cancellationToken);
        var where = columns.Count == 0 ? string.Empty : $"; columns that may refer to them: {string.Join(", ", columns.Take(Shown))}{(columns.Count > Shown ? ", …" : string.Empty)}";
        return [$"The database has large objects, which belong to no tenant: they are in no backup of a tenant, only in full ones{where}."];
    }

    /// <summary>Where a key of every row leads to a tenant, the server sees to that.</summary>
    private static bool MayBeNobodys(PlannedTable planned) => planned.Table.Column is { } column
        ? planned.Relation.Nullable.Contains(column, StringComparer.Ordinal)
        : Selecting(planned.Table).All(reference => reference.Columns.Any(each => planned.Relation.Nullable.Contains(each, StringComparer.Ordinal)));

    private static string Nobodys(TenantTable table) =>
        $"SELECT count(*) FROM {TenantPredicate.Rows(table)} t0 WHERE "
        + (table.Column is { } column
            ? $"t0.{Sql.Identifier(column)} IS NULL"
            : string.Join(" AND ", Selecting(table).Select(static reference => $"({string.Join(" OR ", reference.Columns.Select(static each => $"t0.{Sql.Identifier(each)} IS NULL"))})")));

    private static string Keys(TenantTable table) =>
        table.Column ?? string.Join(" and ", Selecting(table).SelectMany(static reference => reference.Columns));

    private static IEnumerable<TenantReference> Selecting(TenantTable table) => table.References.Where(static reference => reference.Selects);
}
