using System.Collections.Concurrent;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Catalog.Wal.Inventories;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>Whose an object is: its epoch is signed, and no inventory of it says otherwise. Epochs are read once. Safe for several at the same time.</summary>
internal sealed class LogProofs(string cluster, string system, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys)
{
    private readonly WalEpochs _epochs = new(cluster, targets, keys);
    private readonly ObjectProof _objects = new(cluster, system, targets, keys);
    private readonly ConcurrentDictionary<string, Lazy<Task<WalEpoch>>> _read = new(StringComparer.Ordinal);

    /// <returns>What the inventory of its receiver lists; null: none reaches so far.</returns>
    /// <exception cref="PgdrException">Nobody signed its epoch, no segment has such a name, or its receiver archived something else: it is none of ours.</exception>
    public async Task<WalInventoryObject?> FindAsync(WalObjectName name, CancellationToken cancellationToken)
    {
        var epoch = await _read.GetOrAdd(name.Epoch, id => new Lazy<Task<WalEpoch>>(() => _epochs.ReadAsync(system, id, CancellationToken.None))).Value.WaitAsync(cancellationToken);
        ulong start = 0;
        if (!name.IsHistory && !WalSegmentName.TryStartOf(name.File, epoch.SegmentSize, out start))
        {
            throw new PgdrException(ErrorCodes.WalMissing, $"{name} has a name that no segment of {epoch.SegmentSize} bytes has: it is forged.");
        }

        return await _objects.FindAsync(name, name.IsHistory ? 0 : name.End ?? start + (ulong)epoch.SegmentSize, cancellationToken);
    }
}
