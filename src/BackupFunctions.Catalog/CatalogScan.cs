using System.Runtime.CompilerServices;
using System.Threading.Channels;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog;

/// <summary>
/// Reads the whole catalog once: folders and statements are listed once for each target, then backups are read side by side and handed
/// on as they come, so that memory does not grow with what their manifests hold.
/// </summary>
public sealed class CatalogScan
{
    private const int Parallelism = 16;

    private readonly string _cluster;
    private readonly VerificationKeyRing _keys;

    private CatalogScan(string cluster, VerificationKeyRing keys, StorageListing listing) => (_cluster, _keys, Listing) = (cluster, keys, listing);

    /// <summary>Targets that could not be listed, with the cause; they are not asked again.</summary>
    public IReadOnlyDictionary<string, StorageException> Away => Listing.Away;

    /// <summary>Backup ids, finished or not.</summary>
    public int Count => Listing.Backups.Values.Count(backup => backup.HasAnyFolder);

    internal StorageListing Listing { get; }

    internal static async Task<CatalogScan> OpenAsync(
        string cluster, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys, CancellationToken cancellationToken) =>
        new(cluster, keys, await StorageListing.ReadAsync(cluster, targets, cancellationToken));

    /// <summary>One entry for each backup id, in no order.</summary>
    public IAsyncEnumerable<CatalogEntry> ReadAsync(CancellationToken cancellationToken) =>
        ReadAsync(Listing.Backups.Where(backup => backup.Value.HasAnyFolder).Select(backup => backup.Key), cancellationToken);

    /// <summary>One entry for each of these ids, in no order; also of those that nobody lists.</summary>
    internal async IAsyncEnumerable<CatalogEntry> ReadAsync(IEnumerable<string> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var entries = Channel.CreateBounded<CatalogEntry>(Parallelism);
        var reading = ReadAllAsync(ids, entries.Writer, stop.Token);
        try
        {
            await foreach (var entry in entries.Reader.ReadAllAsync(cancellationToken))
            {
                yield return entry;
            }

            await reading;
        }
        finally
        {
            // Whoever stops enumerating must not leave readers behind.
            await stop.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAllAsync(IEnumerable<string> ids, ChannelWriter<CatalogEntry> writer, CancellationToken cancellationToken)
    {
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(ids, options, async (id, token) => await writer.WriteAsync(await ReadAsync(id, token), token));
            writer.Complete();
        }
        catch (Exception e)
        {
            writer.Complete(e);
            throw;
        }
    }

    private async Task<CatalogEntry> ReadAsync(string backupId, CancellationToken cancellationToken)
    {
        // A target without this folder has neither manifest nor data of it.
        var listed = Listing.Backups.GetValueOrDefault(backupId);
        IReadOnlyList<IStorageTarget> holders = listed is null ? [] : [.. Listing.HoldersOf(listed)];
        var reader = new EntryReader(_cluster, _keys, holders, Listing.Reachable, Listing.FirstAway);
        return await reader.ReadAsync(backupId, [.. holders.Select(target => target.Name)], listed?.Statements ?? [], cancellationToken);
    }
}
