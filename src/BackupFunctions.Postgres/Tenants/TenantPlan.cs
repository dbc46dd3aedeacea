using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>What each table of a database is to the backup of a tenant, the same for all tenants. Made before anything is written.</summary>
internal sealed class TenantPlan
{
    private const int Shown = 5;

    private readonly List<PlannedTable> _tables = [];

    private TenantPlan()
    {
    }

    /// <summary>Those that others refer to first, as far as that is possible; partitions after the tables that they are of.</summary>
    public IReadOnlyList<PlannedTable> Tables => _tables;

    public IReadOnlyList<TenantConstraint> LeftOut { get; private init; } = [];

    /// <exception cref="PgdrException">tenant.tables: a table belongs to nobody, or settings do not fit; the remedy is named.</exception>
    public static async Task<TenantPlan> MakeAsync(
        NpgsqlConnection connection, RelationCatalog catalog, TenantRules rules, string database, CancellationToken cancellationToken)
    {
        var owners = new TableOwners(catalog, rules, database);
        var columns = await TenantColumnReader.ReadAsync(connection, owners.Columns, cancellationToken);
        var order = owners.Levels.OrderBy(static pair => pair.Value.Level).ThenBy(static pair => pair.Value.Relation.Title, StringComparer.Ordinal)
            .Select(static pair => pair.Value.Relation.Oid).Index().ToDictionary(static pair => pair.Item, static pair => pair.Index);
        var plan = new TenantPlan { LeftOut = [.. LeftOutOf(catalog, owners, rules)] };
        foreach (var relation in catalog.Relations.OrderBy(relation => order.GetValueOrDefault(relation.Root, int.MaxValue)).ThenBy(static relation => relation.IsPartition))
        {
            var kind = owners.KindOf(relation);
            var facts = kind == TenantTableKind.Column ? columns[relation.Root] : null;
            var file = !relation.Partitioned && (kind is TenantTableKind.Column or TenantTableKind.ForeignKey || (kind == TenantTableKind.Shared && rules.SharedRows))
                ? FormattableString.Invariant($"rows-{plan._tables.Count + 1:D6}.copy")
                : null;
            plan._tables.Add(new PlannedTable(
                relation,
                new TenantTable
                {
                    Schema = relation.Schema,
                    Name = relation.Name,
                    Kind = kind,
                    Partitioned = relation.Partitioned,
                    File = file,
                    Column = facts?.Name,
                    ColumnType = facts?.Type,
                    ColumnEquals = facts?.Equality ?? "=",
                    KeyColumns = relation.KeyColumns,
                    References = [.. owners.ReferencesOf(relation)],
                },
                [.. catalog.Sequences.Where(use => use.Table == relation.Oid || use.Table == relation.Root)]));
        }

        plan.CheckColumns(database);
        return plan;
    }

    /// <exception cref="PgdrException">database.permission: policies would hide rows and nothing says which tenant they are to show.</exception>
    public IReadOnlyList<string> CheckRowSecurity(TenantRules rules, ServerConnection server, string database)
    {
        var hidden = _tables.Where(static table => table.Relation.Hidden && (table.Table.File is not null || table.Table.HasTenant))
            .Select(static table => TenantPredicate.Name(table.Table.Schema, table.Table.Name)).ToList();
        if (hidden.Count > 0 && !rules.HasContext)
        {
            var role = Sql.Identifier(server.Username);
            throw new PgdrException(
                ErrorCodes.PermissionMissing,
                $"Tenants of database {Sql.Identifier(database)} on server {server.Endpoint} cannot be backed up: row level security hides rows of "
                + $"{Some(hidden)} from role {role}; run: ALTER ROLE {role} BYPASSRLS; or configure the context that the policies read.");
        }

        return hidden;
    }

    private void CheckColumns(string database)
    {
        foreach (var (relation, table, _) in _tables.Where(static each => each.Table.Kind == TenantTableKind.Column))
        {
            if (relation.Generated.Contains(table.Column!, StringComparer.Ordinal))
            {
                throw new PgdrException(
                    ErrorCodes.TenantTables,
                    $"The tenant column {table.Column} of table {relation.Title} in database '{database}' is generated, so it is in no copy of its rows: name the column that it is made from.");
            }
        }
    }

    private static IEnumerable<TenantConstraint> LeftOutOf(RelationCatalog catalog, TableOwners owners, TenantRules rules)
    {
        var relations = catalog.Relations.ToDictionary(static relation => relation.Oid);
        bool HasRows(long oid) => relations.TryGetValue(oid, out var relation)
            && owners.KindOf(relation) is var kind && (kind is TenantTableKind.Column or TenantTableKind.ForeignKey || (kind == TenantTableKind.Shared && rules.SharedRows));
        return catalog.ForeignKeys.Where(key => HasRows(key.Child) && !HasRows(key.Parent))
            .Select(key => new TenantConstraint(key.Oid, $"{relations[key.Child].Title}.{key.Name}")
            {
                Schema = relations[key.Child].Schema,
                Table = relations[key.Child].Name,
                Constraint = key.Name,
                Definition = key.Definition,
                Comment = key.Comment,
            });
    }

    private static string Some(List<string> all) => string.Join(", ", all.Take(Shown)) + (all.Count > Shown ? $" (and {all.Count - Shown} more)" : string.Empty);
}
