using System.Collections.Concurrent;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Wal.Inventories;

/// <summary>
/// What the inventories of an object's epoch say about it. The key of a signed epoch authenticates an object by itself; an inventory that
/// reaches beyond it and does not list it says that somebody else made it.
/// </summary>
public sealed class ObjectProof
{
    /// <summary>Names can be written by anybody: so many that turn out not to be inventories are looked at.</summary>
    private const int MostTries = 8;

    private readonly WalInventories _inventories;
    private readonly ConcurrentDictionary<(int Timeline, string Epoch), Lazy<Task<IReadOnlyList<WalInventoryName>>>> _names = new();

    public ObjectProof(string cluster, string systemIdentifier, IReadOnlyList<Storage.IStorageTarget> targets, Archive.Keys.VerificationKeyRing keys) =>
        _inventories = new WalInventories(cluster, systemIdentifier, targets, keys);

    /// <param name="name">The object's.</param>
    /// <param name="end">Behind its last byte; of a history file, 0.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What its receiver archived under this name; null: no inventory reaches so far, or the one that would list it is missing.</returns>
    /// <exception cref="PgdrException">wal.missing: its receiver lists another object in its place, or none.</exception>
    public async Task<WalInventoryObject?> FindAsync(WalObjectName name, ulong end, CancellationToken cancellationToken)
    {
        var names = await NamesAsync(name.Timeline, name.Epoch).WaitAsync(cancellationToken);
        var reaching = names.Where(each => each.End >= end).OrderBy(each => each.Sequence).ThenBy(each => each.End);
        if (await FirstAsync(name.Timeline, reaching, cancellationToken) is not { } listing)
        {
            return null;
        }

        List<WalInventoryObject> listed = [.. listing.Inventory.Objects.Where(each => IsSame(each, name))];
        if (listed.Find(each => each.Sha256.StartsWith(name.Hash, StringComparison.Ordinal)) is { } proof)
        {
            return proof;
        }

        // Beginnings of a segment that went on are not listed.
        return (listed.Count == 0 && name.Form == WalForm.Partial) || !await IsNextAsync(listing, name.Timeline, names, cancellationToken)
            ? null
            : throw new PgdrException(
                ErrorCodes.WalMissing,
                $"{name} is not what its receiver archived: inventory {listing.Inventory.Sequence} of epoch {name.Epoch} lists {(listed.Count == 0 ? "no such object" : $"{listed[0].Sha256[..name.Hash.Length]} in its place")}; it is not used, find out who wrote it.");
    }

    private static bool IsSame(WalInventoryObject listed, WalObjectName name) =>
        string.Equals(listed.File, name.File, StringComparison.Ordinal)
        && listed.Form == (name.Form switch { WalForm.Segment => WalObjectForm.Segment, WalForm.Partial => WalObjectForm.Partial, _ => WalObjectForm.History })
        && (name.End is not { } end || Lsn.Parse(listed.EndLsn) == end);

    /// <summary>Without the one before, the object may be listed there.</summary>
    private async Task<bool> IsNextAsync(StoredInventory listing, int timeline, IReadOnlyList<WalInventoryName> names, CancellationToken cancellationToken)
    {
        if (listing.Inventory.Sequence == 1)
        {
            return true;
        }

        var before = await FirstAsync(timeline, names.Where(each => each.Sequence == listing.Inventory.Sequence - 1), cancellationToken);
        return before is not null && string.Equals(before.Sha256, listing.Inventory.PreviousSha256, StringComparison.Ordinal);
    }

    private async Task<StoredInventory?> FirstAsync(int timeline, IEnumerable<WalInventoryName> names, CancellationToken cancellationToken)
    {
        foreach (var name in names.Take(MostTries))
        {
            try
            {
                return await _inventories.ReadAsync(timeline, name, cancellationToken);
            }
            catch (PgdrException)
            {
                // The status of the log says why.
            }
        }

        return null;
    }

    private Task<IReadOnlyList<WalInventoryName>> NamesAsync(int timeline, string epoch) => _names.GetOrAdd(
        (timeline, epoch), key => new Lazy<Task<IReadOnlyList<WalInventoryName>>>(() => _inventories.ListAsync(key.Timeline, key.Epoch, CancellationToken.None))).Value;
}
