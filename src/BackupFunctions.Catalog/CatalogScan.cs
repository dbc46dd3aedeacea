using System.Runtime.CompilerServices;
using System.Threading.Channels;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog;

/// <summary>
/// Reads the whole catalog once: folders and statements are listed once for each target, then backups are read side by side and handed
/// on as they come, so that memory does not grow with what their manifests hold.
/// </summary>
public sealed class CatalogScan
{
    private const int Parallelism = 16;

    /// <summary>Manifests looked at ahead: two small requests each, to one target.</summary>
    private const int LookAhead = 64;

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

    /// <summary>
    /// Entries whose manifest is wanted, newest first; also those of which no target has a good manifest. Whoever stops at the first that will do
    /// reads no more than what is newer than it: of a year of tenants' backups, a week's. A manifest that is not wanted is read from one target.
    /// </summary>
    /// <param name="wanted">By a manifest whose signature was checked.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<CatalogEntry> ReadNewestFirstAsync(Func<Manifest, bool> wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ahead = new Queue<Task<CatalogEntry?>>();
        try
        {
            foreach (var id in Listing.Backups.Where(backup => backup.Value.HasAnyFolder).Select(backup => backup.Key).OrderDescending(StringComparer.Ordinal))
            {
                ahead.Enqueue(Task.Run(() => ReadIfAsync(id, wanted, stop.Token), stop.Token));
                if (ahead.Count == LookAhead && await ahead.Dequeue() is { } entry)
                {
                    yield return entry;
                }
            }

            while (ahead.TryDequeue(out var next))
            {
                if (await next is { } entry)
                {
                    yield return entry;
                }
            }
        }
        finally
        {
            // Whoever stops enumerating must not leave readers behind.
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(ahead)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One entry; also of an id that nobody lists.</summary>
    public Task<CatalogEntry> ReadAsync(string backupId, CancellationToken cancellationToken) =>
        ReaderOf(backupId, out var holders).ReadAsync(
            backupId, [.. holders.Select(target => target.Name)], Listing.Backups.GetValueOrDefault(backupId)?.Statements ?? [], cancellationToken);

    private async Task<CatalogEntry?> ReadIfAsync(string backupId, Func<Manifest, bool> wanted, CancellationToken cancellationToken) =>
        await ReaderOf(backupId, out _).PeekAsync(backupId, cancellationToken) is { } manifest && !wanted(manifest) ? null : await ReadAsync(backupId, cancellationToken);

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

    private EntryReader ReaderOf(string backupId, out IReadOnlyList<IStorageTarget> holders)
    {
        // A target without this folder has neither manifest nor data of it.
        holders = Listing.Backups.GetValueOrDefault(backupId) is { } listed ? [.. Listing.HoldersOf(listed)] : [];
        return new EntryReader(_cluster, _keys, holders, Listing.Reachable, Listing.FirstAway);
    }
}
