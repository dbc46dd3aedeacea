using System.Numerics;
using System.Runtime.InteropServices;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal.Expiry;
using BackupFunctions.Catalog.Wal.Inventories;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog.Wal;

/// <summary>
/// What storage has of one server's log, by the names of its objects: where it goes on without a hole, timeline by timeline. Names prove
/// nothing; what is read by them is checked when it is read. Signed inventories say how far it went, so that an end that was taken away shows.
/// </summary>
public sealed class StoredLog
{
    private readonly IReadOnlyDictionary<int, TimelineEvidence> _evidence;

    private StoredLog(string systemIdentifier, WalEpoch newest, IReadOnlyList<LogRange> ranges, IReadOnlyDictionary<int, TimelineEvidence> evidence)
    {
        (SystemIdentifier, NewestEpoch, Ranges, _evidence) = (systemIdentifier, newest, ranges, evidence);
    }

    public string SystemIdentifier { get; }

    /// <summary>Of the newest timeline; its ancestors are the way to it.</summary>
    public WalEpoch NewestEpoch { get; }

    /// <summary>By timeline and position.</summary>
    public IReadOnlyList<LogRange> Ranges { get; }

    /// <summary>Start of the last segment, whole or partial, on however few targets, by timeline.</summary>
    public required IReadOnlyDictionary<int, ulong> LastSegments { get; init; }

    /// <summary>Behind the last byte that any target has, by timeline.</summary>
    public required IReadOnlyDictionary<int, ulong> FurthestEnd { get; init; }

    /// <summary>The position up to which a signed inventory says that the log was archived, by timeline; none for log that has no inventory.</summary>
    public required IReadOnlyDictionary<int, ulong> ArchivedTo { get; init; }

    /// <summary>Segments that fewer than the required targets hold; they do not count in <see cref="Ranges"/>.</summary>
    public required int UnderCopied { get; init; }

    /// <summary>Holes that receivers recorded in their epochs, oldest first; one that was recorded twice counts once.</summary>
    public IReadOnlyList<WalGap> Gaps { get; private init; } = [];

    /// <summary>What retention has let go.</summary>
    public required ExpiredLog Expired { get; init; }

    /// <summary>Targets that could not be listed, a sentence each.</summary>
    public required IReadOnlyList<string> Away { get; init; }

    /// <summary>Inventories that are missing or cannot be believed, and statements of retention, a sentence each.</summary>
    public IReadOnlyList<string> Doubts => [.. Expired.Doubts, .. _evidence.Values.SelectMany(evidence => evidence.Doubts)];

    /// <param name="cluster">Whose.</param>
    /// <param name="systemIdentifier">The server.</param>
    /// <param name="targets">All of them.</param>
    /// <param name="requiredCopies">Fewer do not count.</param>
    /// <param name="keys">Epochs are signed by one of them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PgdrException">wal.missing: no target has log of this server; or none can be read.</exception>
    public static async Task<StoredLog> ReadAsync(
        string cluster, string systemIdentifier, IReadOnlyList<IStorageTarget> targets, int requiredCopies, VerificationKeyRing keys, CancellationToken cancellationToken)
    {
        var listed = new ListedWal(cluster, systemIdentifier);
        var away = new List<StorageException>();
        for (var index = 0; index < targets.Count; index++)
        {
            try
            {
                await listed.AddAsync(targets[index], 1UL << index, cancellationToken);
            }
            catch (StorageException e)
            {
                away.Add(e);
            }
        }

        if (away.Count == targets.Count)
        {
            throw away[0];
        }

        var newest = await NewestAsync(cluster, systemIdentifier, targets, listed, keys, cancellationToken);
        var expired = await new WalExpiries(cluster, systemIdentifier, targets, keys).NewestAsync(listed, cancellationToken);
        var timelines = Timelines(listed, newest.SegmentSize, requiredCopies, expired, out var underCopied, out var last, out var furthest);
        var inventories = new WalInventories(cluster, systemIdentifier, targets, keys);
        var evidence = WalInventories.NamesOf(listed).ToDictionary(pair => pair.Key, pair => new TimelineEvidence(inventories, pair.Key, [.. pair.Value.Where(name => !expired.HasEpoch(name.Epoch))]));
        var archivedTo = new Dictionary<int, ulong>();
        foreach (var (timeline, own) in evidence)
        {
            await own.FindMissingAsync(cancellationToken);
            if (await own.ArchivedToAsync(cancellationToken) is > 0 and var end)
            {
                archivedTo[timeline] = end;
            }
        }

        List<LogRange> ranges = [.. timelines.SelectMany(timeline => RangesOf(timeline.Key, timeline.Value))];
        return new StoredLog(systemIdentifier, newest, ranges, evidence)
        {
            Gaps = [.. (await RecordedGaps.ReadAsync(listed, ranges, newest.SegmentSize, systemIdentifier, new WalEpochs(cluster, targets, keys), cancellationToken))
                .Where(gap => !IsIn(expired, gap))],
            Expired = expired,
            LastSegments = last,
            FurthestEnd = furthest,
            ArchivedTo = archivedTo,
            UnderCopied = underCopied,
            Away = [.. away.Select(e => e.Message)],
        };
    }

    /// <summary>The latest time up to which a timeline's log before a position is known to be complete; null: no inventory says.</summary>
    public async Task<CoveredTime?> CoverageAsync(int timeline, ulong upTo, CancellationToken cancellationToken) =>
        _evidence.TryGetValue(timeline, out var evidence) ? await evidence.CoverageAsync(upTo, cancellationToken) : null;

    /// <summary>Behind the last byte that this timeline had once, as the objects or a signed inventory say; 0: nothing is known of it.</summary>
    public ulong KnownEnd(int timeline) => Math.Max(
        ArchivedTo.GetValueOrDefault(timeline), LastSegments.TryGetValue(timeline, out var last) ? last + 1 : 0);

    /// <summary>The range that holds a position on a timeline; null when there is a hole.</summary>
    public LogRange? Find(int timeline, ulong position) =>
        Ranges.FirstOrDefault(range => range.Timeline == timeline && range.Start <= position && position <= range.End);

    /// <summary>
    /// On the highest timeline, the youngest: earlier epochs of it know no more. Names of objects tell the order in which epochs are read, so
    /// that one is enough of thousands.
    /// </summary>
    private static async Task<WalEpoch> NewestAsync(
        string cluster, string systemIdentifier, IReadOnlyList<IStorageTarget> targets, ListedWal listed, VerificationKeyRing keys, CancellationToken cancellationToken)
    {
        var epochs = new WalEpochs(cluster, targets, keys);
        PgdrException? failure = null;
        WalEpoch? newest = null;
        foreach (var (timeline, id) in Claims(listed))
        {
            if (newest is not null && timeline <= newest.Timeline)
            {
                break;
            }

            try
            {
                var epoch = await epochs.ReadAsync(systemIdentifier, id, cancellationToken);
                newest = newest is null || epoch.Timeline > newest.Timeline ? epoch : newest;
            }
            catch (PgdrException e)
            {
                failure ??= e;
            }
        }

        return newest ?? throw failure ?? new PgdrException(
            ErrorCodes.WalMissing, $"No target has write-ahead log of server {systemIdentifier}: 'pgdr wal receive' archives it.");
    }

    /// <summary>Epochs with the highest timeline that a name claims for each, most promising first; those without an object come last.</summary>
    private static IEnumerable<(int Timeline, string Epoch)> Claims(ListedWal listed)
    {
        var claims = listed.Epochs.Keys.Where(BackupIds.IsValid).ToDictionary(id => id, _ => 0, StringComparer.Ordinal);
        foreach (var key in listed.Objects.Keys)
        {
            if (WalObjectName.TryParse(key.AsSpan(key.IndexOf('/', StringComparison.Ordinal) + 1), out var name) && claims.TryGetValue(name.Epoch, out var known))
            {
                claims[name.Epoch] = Math.Max(known, name.Timeline);
            }
        }

        return claims.Select(claim => (claim.Value, claim.Key)).OrderByDescending(claim => claim.Value).ThenByDescending(claim => claim.Key, StringComparer.Ordinal);
    }

    private static SortedDictionary<int, SortedDictionary<ulong, Held>> Timelines(
        ListedWal listed, int segmentSize, int requiredCopies, ExpiredLog expired, out int underCopied, out Dictionary<int, ulong> last, out Dictionary<int, ulong> furthest)
    {
        var timelines = new SortedDictionary<int, SortedDictionary<ulong, Held>>();
        (last, furthest, underCopied) = ([], [], 0);
        foreach (var (key, holders) in listed.Objects)
        {
            // Whoever may write to a target may write any name: one that fits nowhere is no log.
            var slash = key.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 || !WalObjectName.TryParse(key.AsSpan(slash + 1), out var name) || name.IsHistory
                || !key.AsSpan(0, slash).SequenceEqual(name.File.AsSpan(0, 8)) || !WalSegmentName.TryStartOf(name.File, segmentSize, out var start))
            {
                continue;
            }

            ref var lastOfTimeline = ref CollectionsMarshal.GetValueRefOrAddDefault(last, name.Timeline, out _);
            lastOfTimeline = Math.Max(lastOfTimeline, start);
            if (!timelines.TryGetValue(name.Timeline, out var segments))
            {
                timelines[name.Timeline] = segments = [];
            }

            var held = new Held(name.End ?? start + (ulong)segmentSize, name.Form == WalForm.Segment, holders.FirstAt, BitOperations.PopCount(holders.Targets) >= requiredCopies);
            ref var end = ref CollectionsMarshal.GetValueRefOrAddDefault(furthest, name.Timeline, out _);
            end = Math.Max(end, held.End);
            segments[start] = segments.TryGetValue(start, out var before) ? Held.Best(before, held) : held;
        }

        foreach (var (timeline, segments) in timelines)
        {
            foreach (var start in segments.Where(segment => !segment.Value.IsEnough).Select(segment => segment.Key).ToList())
            {
                segments.Remove(start);

                // What retention lets go leaves one target before the others.
                underCopied += expired.Spans.Holds(timeline, start, start) ? 0 : 1;
            }
        }

        return timelines;
    }

    /// <summary>Nothing around it is needed any more.</summary>
    private static bool IsIn(ExpiredLog expired, WalGap gap) =>
        expired.Spans.Holds(gap.FromTimeline, Lsn.Parse(gap.FromLsn), Lsn.Parse(gap.ToLsn)) && expired.Spans.Holds(gap.ToTimeline, Lsn.Parse(gap.FromLsn), Lsn.Parse(gap.ToLsn));

    private static IEnumerable<LogRange> RangesOf(int timeline, SortedDictionary<ulong, Held> segments)
    {
        LogRange? open = null;
        foreach (var (start, held) in segments)
        {
            if (open is not null && start == open.End)
            {
                open = open with { End = held.End, Segments = open.Segments + 1, LastAt = held.At > open.LastAt ? held.At : open.LastAt };
            }
            else
            {
                if (open is not null)
                {
                    yield return open;
                }

                open = new LogRange(timeline, start, held.End, 1, held.At, held.At);
            }
        }

        if (open is not null)
        {
            yield return open;
        }
    }

    /// <summary>The best that storage has of one segment.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Held(ulong End, bool IsWhole, DateTimeOffset At, bool IsEnough)
    {
        public static Held Best(Held one, Held other) =>
            one.IsEnough != other.IsEnough ? (one.IsEnough ? one : other)
            : one.End != other.End ? (one.End > other.End ? one : other)
            : one.At < other.At ? one : other;
    }
}
