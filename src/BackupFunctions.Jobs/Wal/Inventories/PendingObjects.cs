using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Wal.Inventories;

/// <summary>What was archived since the last inventory, in order. Of a segment's beginnings the longest is enough, and none when it became whole.</summary>
internal sealed class PendingObjects
{
    private readonly List<WalInventoryObject> _objects = [];

    public int Count => _objects.Count;

    /// <param name="stored">The object.</param>
    /// <param name="start">Its first byte.</param>
    /// <param name="end">Behind its last byte.</param>
    public void Add(StoredWal stored, ulong start, ulong end)
    {
        var form = stored.Name.Form switch
        {
            WalForm.Segment => WalObjectForm.Segment,
            WalForm.Partial => WalObjectForm.Partial,
            _ => WalObjectForm.History,
        };
        if (_objects is [.., { Form: WalObjectForm.Partial } last] && string.Equals(last.File, stored.Name.File, StringComparison.Ordinal))
        {
            _objects.RemoveAt(_objects.Count - 1);
        }

        _objects.Add(new WalInventoryObject(stored.Name.File, form, Lsn.Format(start), Lsn.Format(end), stored.Size, stored.Sha256));
    }

    public IReadOnlyList<WalInventoryObject> Take()
    {
        List<WalInventoryObject> taken = [.. _objects.Take(WalInventoryCodec.MostObjects)];
        _objects.RemoveRange(0, taken.Count);
        return taken;
    }
}
