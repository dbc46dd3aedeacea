using BackupFunctions.Contracts.Backups;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention;

/// <summary>Who needs whom, and which backups can be restored as far as is known.</summary>
internal sealed class BackupGraph
{
    private readonly Dictionary<string, KnownBackup> _backups;
    private readonly Dictionary<string, bool> _usable = new(StringComparer.Ordinal);
    private readonly ILookup<string, KnownBackup> _children;

    public BackupGraph(IReadOnlyList<KnownBackup> backups)
    {
        _backups = backups.ToDictionary(backup => backup.Id, StringComparer.Ordinal);
        _children = backups.SelectMany(child => child.Parents.Distinct(StringComparer.Ordinal).Select(parent => (parent, child)))
            .ToLookup(edge => edge.parent, edge => edge.child, StringComparer.Ordinal);
        var ordered = Order(backups);
        List<KnownBackup> circular = [.. backups.Except(ordered, ReferenceEqualityComparer.Instance).Cast<KnownBackup>()];
        Unknowns =
        [
            .. circular.Select(backup => new UnknownFact($"Backup {backup.Id} is among its own parents: its manifest is wrong.")
            {
                Database = backup.Wal is null ? backup.Database : null,
                SystemId = backup.Wal?.SystemId,
            }),
        ];
        ChildrenFirst = [.. ordered, .. circular];
    }

    /// <summary>All backups, none before one that needs it.</summary>
    public IReadOnlyList<KnownBackup> ChildrenFirst { get; }

    /// <summary>Chains that have no end.</summary>
    public IReadOnlyList<UnknownFact> Unknowns { get; }

    public IEnumerable<KnownBackup> ChildrenOf(KnownBackup parent) => _children[parent.Id];

    public IEnumerable<KnownBackup> ParentsOf(KnownBackup child) => child.Parents.Where(_backups.ContainsKey).Select(parent => _backups[parent]);

    /// <summary>Copies of a parent that a child's copy on this target needs: the one beside it; where that is not usable, all others.</summary>
    public static IEnumerable<KnownCopy> NeededOf(KnownBackup parent, string target) =>
        parent.Copies.FirstOrDefault(copy => copy.IsUsable && string.Equals(copy.Target, target, StringComparison.Ordinal)) is { } beside
            ? [beside]
            : parent.Copies.Where(copy => copy.IsLive);

    /// <summary>VERIFIED or PROVEN, with a copy that was not found wrong since, and its parents can be read.</summary>
    public bool IsGood(KnownBackup backup) =>
        backup.Status is BackupStatus.Verified or BackupStatus.Proven && HasGoodCopy(backup) && IsUsable(backup);

    /// <summary>Something of it and of all its parents can be read, as far as is known.</summary>
    public bool IsUsable(KnownBackup backup)
    {
        if (!_usable.TryGetValue(backup.Id, out var usable))
        {
            // Until it is known: a chain that comes back to itself is not usable.
            _usable[backup.Id] = false;
            usable = backup.Status != BackupStatus.Failed && backup.Copies.Any(copy => copy.IsUsable)
                && backup.Parents.All(parent => _backups.TryGetValue(parent, out var known) && IsUsable(known));
            _usable[backup.Id] = usable;
        }

        return usable;
    }

    /// <summary>A proof reads a backup without telling from where; a verification names its copies.</summary>
    private static bool HasGoodCopy(KnownBackup backup) => backup.Copies.Any(copy =>
        copy is { IsLive: true, Health: CopyHealth.Verified } || (backup.Status == BackupStatus.Proven && copy.IsUsable));

    /// <summary>After Kahn (1962); what lies on a cycle is missing in the result.</summary>
    private List<KnownBackup> Order(IReadOnlyList<KnownBackup> backups)
    {
        var openChildren = backups.ToDictionary(backup => backup.Id, backup => _children[backup.Id].Count(), StringComparer.Ordinal);
        var ready = new Queue<KnownBackup>(backups.Where(backup => openChildren[backup.Id] == 0)
            .OrderByDescending(backup => backup.SnapshotAt).ThenByDescending(backup => backup.Id, StringComparer.Ordinal));
        var ordered = new List<KnownBackup>(backups.Count);
        while (ready.TryDequeue(out var next))
        {
            ordered.Add(next);
            foreach (var parent in ParentsOf(next).DistinctBy(parent => parent.Id, StringComparer.Ordinal))
            {
                if (--openChildren[parent.Id] == 0)
                {
                    ready.Enqueue(parent);
                }
            }
        }

        return ordered;
    }
}
