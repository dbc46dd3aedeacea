using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
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
    private readonly IReadOnlyList<IStorageTarget> _reachable;
    private readonly StorageException? _away;
    private readonly Dictionary<string, List<string>> _folders;
    private readonly Dictionary<string, SortedSet<string>> _statements;

    private CatalogScan(
        string cluster, VerificationKeyRing keys, IReadOnlyList<IStorageTarget> reachable, IReadOnlyDictionary<string, StorageException> away,
        Dictionary<string, List<string>> folders, Dictionary<string, SortedSet<string>> statements)
    {
        (_cluster, _keys, _reachable, _folders, _statements) = (cluster, keys, reachable, folders, statements);
        Away = away;
        _away = away.Values.FirstOrDefault();
    }

    /// <summary>Targets that could not be listed, with the cause; they are not asked again.</summary>
    public IReadOnlyDictionary<string, StorageException> Away { get; }

    /// <summary>Backup ids, finished or not.</summary>
    public int Count => _folders.Count;

    internal static async Task<CatalogScan> OpenAsync(
        string cluster, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys, CancellationToken cancellationToken)
    {
        var away = new ConcurrentDictionary<string, StorageException>(StringComparer.Ordinal);
        var folders = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var statements = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(targets, cancellationToken, async (target, token) =>
        {
            try
            {
                await foreach (var id in target.ListFoldersAsync(StorageKeys.Backups(cluster), token))
                {
                    Add(folders, id, () => [], own => own.Add(target.Name));
                }

                var prefix = StorageKeys.AllStatements(cluster);
                await foreach (var stored in target.ListAsync(prefix, token))
                {
                    if (stored.Key.EndsWith(".json", StringComparison.Ordinal) && stored.Key.IndexOf('/', prefix.Length) is > 0 and var slash)
                    {
                        Add(statements, stored.Key[prefix.Length..slash], () => new SortedSet<string>(StringComparer.Ordinal), own => own.Add(stored.Key));
                    }
                }
            }
            catch (StorageException e)
            {
                away[target.Name] = e;
            }
        });
        List<IStorageTarget> reachable = [.. targets.Where(target => !away.ContainsKey(target.Name))];
        return new CatalogScan(cluster, keys, reachable, away, folders, statements);
    }

    /// <summary>One entry for each backup id, in no order.</summary>
    public async IAsyncEnumerable<CatalogEntry> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var entries = Channel.CreateBounded<CatalogEntry>(Parallelism);
        var reading = ReadAllAsync(entries.Writer, stop.Token);
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

    private static void Add<T>(Dictionary<string, T> all, string id, Func<T> create, Action<T> add)
    {
        lock (all)
        {
            if (!all.TryGetValue(id, out var own))
            {
                all[id] = own = create();
            }

            add(own);
        }
    }

    private async Task ReadAllAsync(ChannelWriter<CatalogEntry> writer, CancellationToken cancellationToken)
    {
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(_folders.Where(folder => BackupIds.IsValid(folder.Key)), options, async (folder, token) =>
                await writer.WriteAsync(await ReadAsync(folder.Key, folder.Value, token), token));
            writer.Complete();
        }
        catch (Exception e)
        {
            writer.Complete(e);
            throw;
        }
    }

    private async Task<CatalogEntry> ReadAsync(string backupId, List<string> folders, CancellationToken cancellationToken)
    {
        // A target without this folder has neither manifest nor data of it.
        List<IStorageTarget> holders = [.. _reachable.Where(target => folders.Contains(target.Name, StringComparer.Ordinal))];
        var reader = new EntryReader(_cluster, _keys, holders, _reachable, _away);
        return await reader.ReadAsync(backupId, folders, _statements.GetValueOrDefault(backupId)?.ToArray() ?? [], cancellationToken);
    }
}
