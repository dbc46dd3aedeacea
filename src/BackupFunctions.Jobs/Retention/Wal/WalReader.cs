using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Catalog.Wal.Expiry;
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
    private readonly VerificationKeyRing _keys;
    private readonly DateTimeOffset _graceBegin;
    private readonly Dictionary<ulong, IReadOnlyList<string>> _holders = [];

    /// <param name="cluster">Whose.</param>
    /// <param name="targets">Those that could be listed so far.</param>
    /// <param name="keys">Epochs and statements are signed by one of them.</param>
    /// <param name="graceBegin">Statements are read back to one that is as old.</param>
    public WalReader(string cluster, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys, DateTimeOffset graceBegin) =>
        (_cluster, _targets, _keys, _epochs, _graceBegin) = (cluster, targets, keys, new EpochReader(cluster, keys), graceBegin);

    public async Task<WalReading> ReadAsync(CancellationToken cancellationToken)
    {
        var reading = new WalReading();
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

                await AddAsync(system, listed, reading, cancellationToken);
            }
        }
        catch (StorageException e)
        {
            // What it hides may be anything.
            reading.Unknowns.Add(new UnknownFact(e.Message));
        }

        return reading;
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

    private async Task AddAsync(string system, ListedWal listed, WalReading reading, CancellationToken cancellationToken)
    {
        var unread = new HashSet<string>(StringComparer.Ordinal);
        var book = new EpochBook(system);
        var timelines = new TimelineBook(system);
        foreach (var (id, holders) in listed.Epochs.Where(epoch => BackupIds.IsValid(epoch.Key)))
        {
            if (await ReadEpochAsync(system, id, holders, unread, reading.Unknowns, cancellationToken) is { } epoch)
            {
                book.Add(epoch);
                timelines.Add(epoch);
            }
        }

        reading.Timelines.AddRange(timelines.Timelines);
        reading.Unknowns.AddRange(timelines.Unknowns);
        await AddObjectsAsync(system, listed, book, unread, reading, cancellationToken);
        foreach (var (key, holders) in listed.Inventories)
        {
            reading.Texts++;
            if (LogKey.TryParse(key, out var inventory))
            {
                book.Extend(inventory.Epoch, inventory.Position, inventory.Position, holders.At);
            }
        }

        var epochs = book.Epochs.ToDictionary(epoch => epoch.Id, StringComparer.Ordinal);
        reading.Epochs.AddRange(epochs.Values);
        var expiries = new ExpiryReader(new WalExpiries(_cluster, system, _targets, _keys), system, _targets.Count, _graceBegin);
        await expiries.ReadAsync(listed, reading, cancellationToken);
        reading.Servers[system] = new ServerExpiry(
            system, expiries.Newest, expiries.NewestAt, epochs,
            [.. expiries.Epochs.Where(id => !listed.Epochs.ContainsKey(id) && listed.EpochSignatures.ContainsKey(id)).Distinct(StringComparer.Ordinal)]);
    }

    private async Task AddObjectsAsync(
        string system, ListedWal listed, EpochBook book, HashSet<string> unread, WalReading reading, CancellationToken cancellationToken)
    {
        reading.Objects.EnsureCapacity(reading.Objects.Count + listed.Objects.Count);
        foreach (var (key, holders) in listed.Objects)
        {
            if (!LogKey.TryParse(key, out var name) || name.Object is null)
            {
                continue;
            }

            if (book.SegmentSizeOf(name.Epoch) is not { } size)
            {
                if (!unread.Contains(name.Epoch))
                {
                    await ReadEpochAsync(system, name.Epoch, [], unread, reading.Unknowns, cancellationToken);
                }
            }
            else if (name.Object.IsHistory)
            {
                reading.Texts++;
                book.AddText(name.Epoch, name.Object.Form == WalForm.History, holders.At);
            }
            else if (name.SpanOf(size) is { } span)
            {
                book.Extend(name.Epoch, span.From, span.To, holders.At);
                reading.Objects.Add(new KnownWal(system, span.Timeline, span.From, span.To, holders.At, key, HoldersOf(holders.Targets)));
                ForgetNames(reading.Objects.Count);
            }
            else
            {
                book.Hold(name.Epoch);
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
    private IReadOnlyList<string> HoldersOf(ulong targets)
    {
        if (!_holders.TryGetValue(targets, out var holders))
        {
            _holders[targets] = holders = [.. _targets.Where((_, index) => (targets & (1UL << index)) != 0).Select(target => target.Name)];
        }

        return holders;
    }
}
