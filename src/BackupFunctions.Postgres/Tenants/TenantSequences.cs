using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>Where sequences have to stand for the rows of one tenant: behind those, so that nothing tells how much others have.</summary>
internal sealed class TenantSequences
{
    private readonly Dictionary<string, List<long?>> _found = new(StringComparer.Ordinal);

    public void Add(TenantScanner scanner)
    {
        foreach (var (use, value) in scanner.Sequences)
        {
            if (!_found.TryGetValue(use.Name, out var values))
            {
                _found.Add(use.Name, values = []);
            }

            values.Add(value);
        }
    }

    /// <param name="catalog">All sequences.</param>
    /// <param name="present">Their state in the snapshot: where no column tells, or one holds what is no number, that is taken.</param>
    public IReadOnlyList<SequenceValue> Values(RelationCatalog catalog, IReadOnlyDictionary<string, SequenceValue> present) =>
    [
        .. catalog.Sequences.DistinctBy(static use => use.Name, StringComparer.Ordinal).OrderBy(static use => use.Name, StringComparer.Ordinal).Select(use =>
            _found.TryGetValue(use.Name, out var values)
                ? values.Contains(null)
                    ? present[use.Name]
                    : new SequenceValue(use.Name, (use.Ascending ? values.Max() : values.Min())!.Value, IsCalled: true)
                : use.Table is null ? present[use.Name] : new SequenceValue(use.Name, use.Start, IsCalled: false)),
    ];
}
