namespace BackupFunctions.Postgres.Tenants;

/// <summary>Which tables foreign keys lead to from which, by tables that belong to tenants by keys alone.</summary>
internal sealed class KeyReach
{
    private readonly Dictionary<long, HashSet<long>> _reached = [];

    /// <param name="catalog">All foreign keys.</param>
    /// <param name="tables">OIDs; no way leads on from others.</param>
    public KeyReach(RelationCatalog catalog, IEnumerable<long> tables)
    {
        var roots = catalog.Relations.ToDictionary(static relation => relation.Oid, static relation => relation.Root);
        var parents = catalog.ForeignKeys.Where(key => roots.ContainsKey(key.Child)).ToLookup(static key => key.Child, key => roots[key.Parent]);
        var own = tables.ToHashSet();
        foreach (var table in own)
        {
            var reached = new HashSet<long>();
            var open = new Stack<long>([table]);
            while (open.TryPop(out var next))
            {
                foreach (var parent in parents[next].Where(reached.Add).Where(own.Contains))
                {
                    open.Push(parent);
                }
            }

            _reached.Add(table, reached);
        }
    }

    public bool Reaches(long from, long to) => from == to || (_reached.TryGetValue(from, out var reached) && reached.Contains(to));
}
