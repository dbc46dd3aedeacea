using System.Collections.Concurrent;
using System.Globalization;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog.Wal.Inventories;

/// <summary>Inventories of one server's log, read from storage one by one; their signatures are checked. Safe for several at the same time.</summary>
internal sealed class WalInventories
{
    /// <summary>Kept in memory; the log is read in order, so that an older one is not asked for again.</summary>
    private const int MostKept = 32;

    private readonly string _cluster;
    private readonly string _systemIdentifier;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly VerificationKeyRing _keys;
    private readonly DocumentReader _documents;
    private readonly ConcurrentDictionary<(int Timeline, WalInventoryName Name), Lazy<Task<StoredInventory>>> _read = new();

    public WalInventories(string cluster, string systemIdentifier, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys)
    {
        (_cluster, _systemIdentifier, _targets, _keys) = (cluster, systemIdentifier, targets, keys);
        _documents = new DocumentReader(targets, away: null);
    }

    /// <summary>Names by timeline, as listed already.</summary>
    public static IReadOnlyDictionary<int, IReadOnlyList<WalInventoryName>> NamesOf(ListedWal listed)
    {
        var names = new Dictionary<int, List<WalInventoryName>>();
        foreach (var key in listed.Inventories.Keys)
        {
            var slash = key.IndexOf('/', StringComparison.Ordinal);
            if (slash == 8 && int.TryParse(key.AsSpan(0, slash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var timeline) && timeline > 0
                && WalInventoryName.TryParse(key.AsSpan(slash + 1), out var name))
            {
                (names.TryGetValue(timeline, out var own) ? own : names[timeline] = []).Add(name);
            }
        }

        return names.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<WalInventoryName>)pair.Value);
    }

    /// <summary>Names of an epoch's inventories, from every target that can be asked.</summary>
    public async Task<IReadOnlyList<WalInventoryName>> ListAsync(int timeline, string epoch, CancellationToken cancellationToken)
    {
        var folder = StorageKeys.WalTimeline(_cluster, _systemIdentifier, timeline);
        var names = new ConcurrentDictionary<WalInventoryName, byte>();
        await Parallel.ForEachAsync(_targets, cancellationToken, async (target, token) =>
        {
            try
            {
                await foreach (var stored in target.ListAsync(folder + WalInventoryName.PrefixOf(epoch), token))
                {
                    if (WalInventoryName.TryParse(stored.Key.AsSpan(folder.Length), out var name))
                    {
                        names.TryAdd(name, 0);
                    }
                }
            }
            catch (StorageException)
            {
                // Inventories only add proof: what the others have is proof enough.
            }
        });
        return [.. names.Keys];
    }

    /// <exception cref="PgdrException">No good copy, and why.</exception>
    public async Task<StoredInventory> ReadAsync(int timeline, WalInventoryName name, CancellationToken cancellationToken)
    {
        if (_read.Count > MostKept)
        {
            _read.Clear();
        }

        var reading = _read.GetOrAdd((timeline, name), _ => new Lazy<Task<StoredInventory>>(() => FindAsync(timeline, name)));
        try
        {
            return await reading.Value.WaitAsync(cancellationToken);
        }
        catch (PgdrException)
        {
            // A target that is away now may answer the next time.
            _read.TryRemove(KeyValuePair.Create((timeline, name), reading));
            throw;
        }
    }

    private async Task<StoredInventory> FindAsync(int timeline, WalInventoryName name)
    {
        var search = await _documents.FindAsync(
            StorageKeys.WalInventory(_cluster, _systemIdentifier, timeline, name),
            StorageKeys.WalInventorySignature(_cluster, _systemIdentifier, timeline, name),
            WalInventoryCodec.LargestSize,
            (json, signature) => WalInventoryCodec.Read(json, signature, _keys, _cluster, _systemIdentifier, timeline, name),
            CancellationToken.None);
        return search.Found switch
        {
            [var found] => new StoredInventory(name, found.Value, found.Document.Sha256),
            [] => throw search.Failure ?? new PgdrException(ErrorCodes.ObjectAbsent, $"No target has {name} with its signature: it was removed."),
            _ => throw new PgdrException(
                ErrorCodes.ManifestAltered, $"Targets hold different signed documents of {name}: one was replaced; find out who had the signing key."),
        };
    }
}
