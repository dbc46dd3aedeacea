using System.Globalization;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>
/// Which rows belong to a tenant, as SQL that names them: by the tenant column, or by foreign keys to rows that belong to it. Operators are
/// qualified where that matters, for the statements run with an empty search path. Policies take no part.
/// </summary>
internal sealed class TenantPredicate
{
    private readonly Dictionary<(string Schema, string Name), TenantTable> _tables;
    private readonly string _tenant;

    /// <param name="tables">All tables of the backup.</param>
    /// <param name="tenant">Its id.</param>
    public TenantPredicate(IEnumerable<TenantTable> tables, string tenant)
    {
        _tables = tables.ToDictionary(static table => (table.Schema, table.Name));
        _tenant = Sql.Literal(tenant);
    }

    /// <summary>As a source of rows: without those of tables that inherit from it, which are tables of their own.</summary>
    public static string Rows(TenantTable table) => $"{(table.Partitioned ? string.Empty : "ONLY ")}{Name(table.Schema, table.Name)}";

    public static string Name(string schema, string name) => $"{Sql.Identifier(schema)}.{Sql.Identifier(name)}";

    /// <summary>True for the rows of the tenant; for others false, or null where they name no tenant.</summary>
    /// <param name="table">Of the backup.</param>
    /// <param name="alias">Of its rows in the statement.</param>
    public string Of(TenantTable table, string alias = "t0") => Of(table, alias, depth: 0);

    /// <summary>Counts rows whose foreign key leads to a row that does not belong to the tenant.</summary>
    public string Leaving(TenantReference reference, string alias = "t0")
    {
        var set = string.Join(" AND ", reference.Columns.Select(column => $"{alias}.{Sql.Identifier(column)} IS NOT NULL"));
        var foreign = $"NOT {Exists(reference, alias, depth: 0, ofTenant: true)}";

        // A key that the server never checked may lead nowhere.
        return reference.Validated ? $"{set} AND {foreign}" : $"{set} AND {foreign} AND {Exists(reference, alias, depth: 0, ofTenant: false)}";
    }

    private string Of(TenantTable table, string alias, int depth) => table.Kind switch
    {
        // The type without a length: a cast to one with a length would cut the value.
        TenantTableKind.Column => $"{alias}.{Sql.Identifier(table.Column!)} {table.ColumnEquals} {_tenant}::{table.ColumnType}",
        TenantTableKind.ForeignKey => $"({string.Join(" OR ", table.References.Where(static each => each.Selects).Select(each => Exists(each, alias, depth, ofTenant: true)))})",
        TenantTableKind.Shared => "true",
        _ => "false",
    };

    private string Exists(TenantReference reference, string alias, int depth, bool ofTenant)
    {
        var parent = _tables[(reference.Schema, reference.Table)];
        var key = "t" + (depth + 1).ToString(CultureInfo.InvariantCulture);
        var joined = reference.KeyColumns.Zip(reference.Operators, reference.Columns).Select(
            pair => $"{key}.{Sql.Identifier(pair.First)} {pair.Second} {alias}.{Sql.Identifier(pair.Third)}");
        var belongs = ofTenant ? $" AND {Of(parent, key, depth + 1)}" : string.Empty;
        return $"EXISTS (SELECT FROM {Rows(parent)} {key} WHERE {string.Join(" AND ", joined)}{belongs})";
    }
}
