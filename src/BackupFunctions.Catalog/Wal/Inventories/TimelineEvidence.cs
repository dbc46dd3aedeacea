using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;

namespace BackupFunctions.Catalog.Wal.Inventories;

/// <summary>What the inventories of one timeline prove. Names only choose which are read, and how many is bounded: anybody may have written them.</summary>
internal sealed class TimelineEvidence(WalInventories inventories, int timeline, IReadOnlyList<WalInventoryName> names)
{
    private const int MostTries = 64;
    private const int MostMissing = 8;

    private readonly SortedSet<string> _doubts = new(StringComparer.Ordinal);

    /// <summary>Inventories that are missing or cannot be believed, a sentence each.</summary>
    public IReadOnlyCollection<string> Doubts => _doubts;

    /// <summary>The position up to which a receiver says that the log was archived; 0: none says.</summary>
    public async Task<ulong> ArchivedToAsync(CancellationToken cancellationToken) =>
        (await FirstAsync(NewestFirst(ulong.MaxValue), static _ => true, cancellationToken))?.Name.End ?? 0;

    /// <summary>The latest time up to which the log before a position is known to be complete; null: none.</summary>
    public async Task<CoveredTime?> CoverageAsync(ulong upTo, CancellationToken cancellationToken) =>
        (await FirstAsync(NewestFirst(upTo), static each => each.Inventory.Covered is not null, cancellationToken))?.Inventory.Covered is { } covered
            ? new CoveredTime(covered.At, Lsn.Parse(covered.Lsn))
            : null;

    /// <summary>Looks for sequences that were taken out. One that is written after a gap, and signed, names what is missing.</summary>
    public async Task FindMissingAsync(CancellationToken cancellationToken)
    {
        foreach (var epoch in names.GroupBy(name => name.Epoch, StringComparer.Ordinal))
        {
            var sequence = 0;
            foreach (var name in epoch.OrderBy(name => name.Sequence))
            {
                if (name.Sequence > sequence + 1 && _doubts.Count < MostMissing && await FirstAsync([name], static _ => true, cancellationToken) is not null)
                {
                    _doubts.Add($"Inventory {name.Sequence - 1} of epoch {name.Epoch} of timeline {timeline} is on no target that could be asked, although a later one is: somebody took it away, or the target that has it is away.");
                }

                sequence = name.Sequence;
            }
        }
    }

    private IEnumerable<WalInventoryName> NewestFirst(ulong upTo) => names
        .Where(name => name.End <= upTo)
        .OrderByDescending(name => name.End).ThenByDescending(name => name.Epoch, StringComparer.Ordinal).ThenByDescending(name => name.Sequence);

    private async Task<StoredInventory?> FirstAsync(IEnumerable<WalInventoryName> candidates, Func<StoredInventory, bool> isWanted, CancellationToken cancellationToken)
    {
        foreach (var name in candidates.Take(MostTries))
        {
            try
            {
                if (await inventories.ReadAsync(timeline, name, cancellationToken) is var found && isWanted(found))
                {
                    return found;
                }
            }
            catch (PgdrException e)
            {
                if (_doubts.Count < MostMissing)
                {
                    _doubts.Add($"Inventory {name} of timeline {timeline} proves nothing: {e.Message}");
                }
            }
        }

        return null;
    }
}
