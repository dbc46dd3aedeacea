using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Retention.State;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Retention.Wal;

/// <summary>
/// Archived write-ahead log of all servers on all targets, and the inventories of it. An object whose name says nothing is left out, and so never goes; one whose
/// epoch cannot be read makes everything of its server unknown.
/// </summary>
internal sealed class WalReader
{
    private const int NamesBetweenCollections = 16384;

    private readonly string _cluster;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly EpochReader _epochs;
    private readonly Dictionary<ulong, IReadOnlyList<KnownCopy>> _copies = [];

    /// <param name="cluster">Whose.</param>
    /// <param name="targets">Those that could be listed so far.</param>
    /// <param name="keys">Epochs are signed by one of them.</param>
    public WalReader(string cluster, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys) =>
        (_cluster, _targets, _epochs) = (cluster, targets, new EpochReader(cluster, keys));

    public async Task<WalReading> ReadAsync(CancellationToken cancellationToken)
    {
        var objects = new List<KnownWal>();
        var timelines = new List<KnownTimeline>();
        var unknowns = new List<UnknownFact>();
        try
        {
            foreach (var system in await SystemsAsync(cancellationToken))
            {
                var listed = new ListedWal(_cluster, system);
                for (var index = 0; index < _targets.Count; index++)
                {
                    ForgetListing();
                    await listed.AddAsync(_targets[index], 1UL << index, cancellationToken);
                }

                ForgetListing();

                await AddAsync(system, listed, objects, timelines, unknowns, cancellationToken);
            }
        }
        catch (StorageException e)
        {
            // What it hides may be anything.
            unknowns.Add(new UnknownFact(e.Message));
        }

        return new WalReading(objects, timelines, unknowns);
    }

    private async Task<IReadOnlyList<string>> SystemsAsync(CancellationToken cancellationToken)
    {
        var systems = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var target in _targets)
        {
            await foreach (var system in target.ListFoldersAsync(StorageKeys.Wal(_cluster), cancellationToken))
            {
                if (system.Length is > 0 and <= 20 && system.All(char.IsAsciiDigit))
                {
                    systems.Add(system);
                }
            }
        }

        return [.. systems];
    }

    private async Task AddAsync(
        string system, ListedWal listed, List<KnownWal> objects, List<KnownTimeline> timelines, List<UnknownFact> unknowns, CancellationToken cancellationToken)
    {
        var segmentSizes = new Dictionary<string, int>(StringComparer.Ordinal);
        var unread = new HashSet<string>(StringComparer.Ordinal);
        var book = new TimelineBook(system);
        foreach (var (id, holders) in listed.Epochs.Where(epoch => BackupIds.IsValid(epoch.Key)))
        {
            if (await ReadEpochAsync(system, id, holders, unread, unknowns, cancellationToken) is { } epoch)
            {
                segmentSizes[id] = epoch.SegmentSize;
                book.Add(epoch);
            }
        }

        timelines.AddRange(book.Timelines);
        unknowns.AddRange(book.Unknowns);
        objects.EnsureCapacity(objects.Count + listed.Objects.Count + listed.Inventories.Count);
        var spans = new EpochSpans();
        foreach (var (key, holders) in listed.Objects)
        {
            var slash = key.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 || !WalObjectName.TryParse(key.AsSpan(slash + 1), out var name) || !key.AsSpan(0, slash).SequenceEqual(name.File.AsSpan(0, 8)))
            {
                continue;
            }

            if (segmentSizes.TryGetValue(name.Epoch, out var size))
            {
                if (Known(system, key, name, size, holders) is { } known)
                {
                    spans.Add(name.Epoch, known);
                    objects.Add(known);
                    ForgetNames(objects.Count);
                }
            }
            else if (!unread.Contains(name.Epoch))
            {
                await ReadEpochAsync(system, name.Epoch, [], unread, unknowns, cancellationToken);
            }
        }

        foreach (var (key, holders) in listed.Inventories)
        {
            if (spans.Find(key, system, holders.At, CopiesOn(holders.Targets)) is { } known)
            {
                objects.Add(known);
            }
        }
    }

    private async Task<WalEpoch?> ReadEpochAsync(
        string system, string id, IReadOnlyList<IStorageTarget> holders, HashSet<string> unread, List<UnknownFact> unknowns, CancellationToken cancellationToken)
    {
        var (epoch, whyNot) = await _epochs.ReadAsync(system, id, holders, cancellationToken);
        if (epoch is null)
        {
            unread.Add(id);
            unknowns.Add(new UnknownFact($"Epoch {id} of the write-ahead log of server {system} cannot be read: {whyNot}") { SystemId = system });
        }

        return epoch;
    }

    /// <returns>Null: no segment of its epoch's size has such a name, so nothing can be said of it.</returns>
    private KnownWal? Known(string system, string key, WalObjectName name, int segmentSize, ListedWal.Holders holders)
    {
        var isHistory = name.IsHistory;
        ulong start = 0;
        if (!isHistory && !WalSegmentName.TryStartOf(name.File, segmentSize, out start))
        {
            return null;
        }

        return new KnownWal(system, name.Timeline, start, isHistory ? 0 : name.End ?? start + (ulong)segmentSize, holders.At, key, CopiesOn(holders.Targets))
        {
            Kind = isHistory ? WalObjectKind.TimelineHistory : WalObjectKind.Segment,
        };
    }

    /// <summary>
    /// On a machine with a large cache the runtime lets more of what parsed names leave behind pile up than the log itself takes: measured at
    /// 150,000 objects, 251 MiB in place of 236.
    /// </summary>
    private static void ForgetNames(int read)
    {
        if (read % NamesBetweenCollections == 0)
        {
            GC.Collect(generation: 0);
        }
    }

    /// <summary>
    /// A listing is tens of megabytes that have lived long enough to wait for a full collection, and the next one would come on top:
    /// measured at 150,000 objects on three folders, 320 MiB in place of about 250.
    /// </summary>
    private static void ForgetListing() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    /// <summary>Objects on the same targets share the list.</summary>
    private IReadOnlyList<KnownCopy> CopiesOn(ulong targets)
    {
        if (!_copies.TryGetValue(targets, out var copies))
        {
            _copies[targets] = copies =
                [.. _targets.Where((_, index) => (targets & (1UL << index)) != 0).Select(target => new KnownCopy(target.Name, CopyHealth.Unverified))];
        }

        return copies;
    }
}
