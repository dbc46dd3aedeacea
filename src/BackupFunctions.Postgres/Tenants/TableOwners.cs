using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>
/// Decides what says whose the rows of each table are: the settings, its tenant column, or foreign keys that lead to a table with one. Each
/// that leads there counts, so that nullable keys may be set by turns; one that is always set is enough. All others are checked.
/// </summary>
internal sealed class TableOwners
{
    private const int Shown = 5;
    private const int MostWays = 100;

    private readonly RelationCatalog _catalog;
    private readonly TenantRules _rules;
    private readonly string _database;
    private readonly Dictionary<long, CatalogRelation> _relations;
    private readonly Dictionary<long, OwnedTable> _owned = [];
    private readonly KeyReach _reach;

    public TableOwners(RelationCatalog catalog, TenantRules rules, string database)
    {
        _catalog = catalog;
        _rules = rules;
        _database = database;
        _relations = catalog.Relations.ToDictionary(static relation => relation.Oid);
        AddNamed();
        AddByForeignKeys();
        RefuseOthers();
        _reach = new KeyReach(catalog, _owned.Values.Where(static owned => owned.Kind == TenantTableKind.ForeignKey).Select(static owned => owned.Relation.Oid));
        foreach (var owned in _owned.Values)
        {
            RefuseEntangled(owned);
        }
    }

    /// <summary>By OID, without partitions.</summary>
    public IReadOnlyDictionary<long, OwnedTable> Levels => _owned;

    /// <summary>Tables with a tenant column, and its name.</summary>
    public IReadOnlyList<(long Table, string Column)> Columns =>
        [.. _owned.Values.Where(static owned => owned.Column is not null).Select(static owned => (owned.Relation.Oid, owned.Column!))];

    public TenantTableKind KindOf(CatalogRelation relation) => _owned[relation.Root].Kind;

    /// <summary>Foreign keys to tables with rows of tenants, those of the table that it is a partition of among them.</summary>
    public IEnumerable<TenantReference> ReferencesOf(CatalogRelation relation)
    {
        var owned = _owned[relation.Root];
        if (owned.Kind == TenantTableKind.Structure)
        {
            yield break;
        }

        var selecting = SelectingKeys(owned);
        foreach (var key in _catalog.ForeignKeys.Where(key => key.Child == relation.Oid || key.Child == relation.Root))
        {
            var to = _relations[key.Parent];
            if (_owned[to.Root].Kind is TenantTableKind.Column or TenantTableKind.ForeignKey)
            {
                yield return new TenantReference(key.Name, key.Columns, to.Schema, to.Name, key.KeyColumns, key.Operators, selecting.Contains(key.Oid), key.Validated);
            }
        }
    }

    /// <summary>One that every row has set is enough, and an index serves it; the others are checked.</summary>
    private HashSet<long> SelectingKeys(OwnedTable owned)
    {
        if (owned.Kind != TenantTableKind.ForeignKey)
        {
            return [];
        }

        var leading = _catalog.ForeignKeys.Where(key => key.Child == owned.Relation.Oid && Leads(owned, _owned[_relations[key.Parent].Root]))
            .OrderBy(key => _owned[_relations[key.Parent].Root].Level).ToList();
        var always = leading.Find(key => key.Validated && !key.Columns.Any(column => owned.Relation.Nullable.Contains(column, StringComparer.Ordinal)));
        return always is null ? [.. leading.Select(static key => key.Oid)] : [always.Oid];
    }

    /// <summary>To a tenant, and never around in a circle: in one, only towards tables that are nearer to the tenant.</summary>
    private bool Leads(OwnedTable child, OwnedTable parent) =>
        parent.Level >= 0 && (parent.Level < child.Level || !_reach.Reaches(parent.Relation.Oid, child.Relation.Oid));

    private void AddNamed()
    {
        foreach (var named in _rules.Columns.Concat(_rules.Root is { } root ? [root] : []).Where(named => !_relations.Values.Any(relation => IsNamed(relation, named))))
        {
            throw Refuse($"the settings name {named.Schema}.{named.Table}({named.Column}), which is not there; correct the name");
        }

        foreach (var pattern in _rules.Shared.Where(static pattern => !pattern.Contains('*', StringComparison.Ordinal) && !pattern.Contains('?', StringComparison.Ordinal)))
        {
            if (!_relations.Values.Any(relation => TablePattern.Matches(pattern, relation.Title)))
            {
                throw Refuse($"the settings name {pattern} as shared, which is not there; correct the name");
            }
        }

        foreach (var relation in _catalog.Relations.Where(static relation => !relation.IsPartition))
        {
            if (NamedKind(relation) is { } owned)
            {
                _owned.Add(relation.Oid, owned);
            }
        }
    }

    private OwnedTable? NamedKind(CatalogRelation relation)
    {
        if (relation.OfExtension)
        {
            return new OwnedTable(relation, relation.Filter is null ? TenantTableKind.Structure : TenantTableKind.Shared, Level: -1, Column: null);
        }

        if (_rules.Schemas.Count > 0 && !_rules.Schemas.Contains(relation.Schema, StringComparer.Ordinal))
        {
            return new OwnedTable(relation, TenantTableKind.Structure, Level: -1, Column: null);
        }

        var column = ColumnOf(relation);
        if (_rules.Shared.FirstOrDefault(pattern => TablePattern.Matches(pattern, relation.Title)) is not { } shared)
        {
            return column is null ? null : new OwnedTable(relation, TenantTableKind.Column, Level: 0, column);
        }

        return column is null
            ? new OwnedTable(relation, TenantTableKind.Shared, Level: -1, Column: null)
            : throw Refuse($"table {relation.Title} has the tenant column {column} and is shared by the setting {shared}; it can be one of both only");
    }

    private string? ColumnOf(CatalogRelation relation)
    {
        foreach (var named in _rules.Columns.Concat(_rules.Root is { } root ? [root] : []).Where(named => IsNamed(relation, named)))
        {
            return Has(relation, named.Column)
                ? named.Column
                : throw Refuse($"the settings name {named.Schema}.{named.Table}({named.Column}), and that table has no such column; correct the name");
        }

        return _rules.Column is { } column && Has(relation, column) ? column : null;
    }

    private void AddByForeignKeys()
    {
        for (var level = 1; ; level++)
        {
            var found = _catalog.ForeignKeys
                .Where(key => _relations.TryGetValue(key.Child, out var child) && !child.IsPartition && !_owned.ContainsKey(key.Child)
                    && _owned.TryGetValue(_relations[key.Parent].Root, out var parent) && parent.Level == level - 1)
                .Select(key => key.Child).Distinct().ToList();
            if (found.Count == 0)
            {
                return;
            }

            foreach (var oid in found)
            {
                _owned.Add(oid, new OwnedTable(_relations[oid], TenantTableKind.ForeignKey, level, Column: null));
            }
        }
    }

    private void RefuseOthers()
    {
        var others = _catalog.Relations.Where(relation => !relation.IsPartition && !_owned.ContainsKey(relation.Oid)).Select(static relation => relation.Title).ToList();
        if (others.Count > 0)
        {
            throw Refuse(
                $"{string.Join(", ", others.Take(Shown))}{(others.Count > Shown ? $" (and {others.Count - Shown} more)" : string.Empty)} "
                + "belongs to no tenant by column or foreign key; name it as shared, or name its tenant column");
        }
    }

    /// <summary>A condition follows each way to the tenant; their number may grow with every table on them.</summary>
    private void RefuseEntangled(OwnedTable owned)
    {
        if (Ways(owned, MostWays) > MostWays)
        {
            throw Refuse($"from table {owned.Relation.Title} more than {MostWays} ways by nullable foreign keys lead to a tenant; give it or a table between a tenant column");
        }
    }

    private int Ways(OwnedTable owned, int most)
    {
        var keys = SelectingKeys(owned);
        var ways = keys.Count == 0 ? 1 : 0;
        foreach (var key in _catalog.ForeignKeys.Where(key => keys.Contains(key.Oid)))
        {
            ways += ways > most ? 0 : Ways(_owned[_relations[key.Parent].Root], most - ways);
        }

        return ways;
    }

    private static bool IsNamed(CatalogRelation relation, TenantColumn named) =>
        string.Equals(relation.Schema, named.Schema, StringComparison.Ordinal) && string.Equals(relation.Name, named.Table, StringComparison.Ordinal);

    private static bool Has(CatalogRelation relation, string column) =>
        relation.Columns.Contains(column, StringComparer.Ordinal) || relation.Generated.Contains(column, StringComparer.Ordinal);

    private PgdrException Refuse(string cause) =>
        new(ErrorCodes.TenantTables, $"Tenants of database '{_database}' cannot be told apart: {cause}.");
}
