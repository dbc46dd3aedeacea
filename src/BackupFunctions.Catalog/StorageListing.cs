using System.Collections.Concurrent;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog;

/// <summary>Folders and statements as all targets list them, each target asked once: what is cheap to learn of storage.</summary>
internal sealed class StorageListing
{
    private StorageListing(
        IReadOnlyList<IStorageTarget> targets, IReadOnlyDictionary<string, StorageException> away, ConcurrentDictionary<string, ListedBackup> backups)
    {
        (Targets, Away, Backups) = (targets, away, backups);
        Reachable = [.. targets.Where(target => !away.ContainsKey(target.Name))];
        FirstAway = targets.Select(target => away.GetValueOrDefault(target.Name)).FirstOrDefault(cause => cause is not null);
    }

    /// <summary>In reading order.</summary>
    public IReadOnlyList<IStorageTarget> Targets { get; }

    /// <summary>Those that were listed whole.</summary>
    public IReadOnlyList<IStorageTarget> Reachable { get; }

    /// <summary>Targets that could not be listed, with the cause.</summary>
    public IReadOnlyDictionary<string, StorageException> Away { get; }

    /// <summary>Of the first target that is away, in reading order; null: none is.</summary>
    public StorageException? FirstAway { get; }

    /// <summary>By backup id; names that are none are left out.</summary>
    public IReadOnlyDictionary<string, ListedBackup> Backups { get; }

    public static async Task<StorageListing> ReadAsync(string cluster, IReadOnlyList<IStorageTarget> targets, CancellationToken cancellationToken)
    {
        var away = new ConcurrentDictionary<string, StorageException>(StringComparer.Ordinal);
        var backups = new ConcurrentDictionary<string, ListedBackup>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(targets.Index(), cancellationToken, async (place, token) =>
        {
            var (index, target) = place;
            try
            {
                await ReadAsync(cluster, index, target, backups, targets.Count, token);
            }
            catch (StorageException e)
            {
                away[target.Name] = e;
                foreach (var (_, backup) in backups)
                {
                    backup.Forget(index);
                }
            }
        });
        return new StorageListing(targets, away, backups);
    }

    /// <summary>Targets that can be asked and have a folder of this backup, in reading order.</summary>
    public IEnumerable<IStorageTarget> HoldersOf(ListedBackup backup) =>
        Targets.Index().Where(place => !Away.ContainsKey(place.Item.Name) && backup.HasFolder(place.Index)).Select(place => place.Item);

    private static async Task ReadAsync(
        string cluster, int index, IStorageTarget target, ConcurrentDictionary<string, ListedBackup> backups, int targets, CancellationToken cancellationToken)
    {
        await foreach (var id in target.ListFoldersAsync(StorageKeys.Backups(cluster), cancellationToken))
        {
            if (BackupIds.IsValid(id))
            {
                backups.GetOrAdd(id, _ => new ListedBackup(targets)).AddFolder(index);
            }
        }

        var prefix = StorageKeys.AllStatements(cluster);
        await foreach (var stored in target.ListAsync(prefix, cancellationToken))
        {
            if (stored.Key.IndexOf('/', prefix.Length) is > 0 and var slash && stored.Key[prefix.Length..slash] is var id && BackupIds.IsValid(id))
            {
                backups.GetOrAdd(id, _ => new ListedBackup(targets)).AddStatementFile(index, stored.Key.AsSpan(slash + 1), stored.Size);
            }
        }
    }
}
