using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Jobs.Retention.Wal;

/// <summary>The epochs of one server that could be read, and from where to where the log of each goes.</summary>
internal sealed class EpochBook(string systemId)
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public IEnumerable<KnownEpoch> Epochs => _entries.Select(entry => new KnownEpoch(
        systemId, entry.Key, entry.Value.Timeline, entry.Value.Start, entry.Value.End, entry.Value.At, entry.Value.SegmentSize)
    {
        HasHistory = entry.Value.HasHistory,
        IsHeld = entry.Value.IsHeld,
    });

    public void Add(WalEpoch epoch)
    {
        var start = Lsn.Parse(epoch.StartLsn);
        _entries[epoch.EpochId] = new Entry { Timeline = epoch.Timeline, SegmentSize = epoch.SegmentSize, Start = start, End = start, At = epoch.StartedAt };
    }

    /// <returns>Bytes; null: the epoch is none of those that could be read.</returns>
    public int? SegmentSizeOf(string epoch) => _entries.TryGetValue(epoch, out var entry) ? entry.SegmentSize : null;

    /// <summary>Log of it; an inventory has the position up to which it went.</summary>
    public void Extend(string epoch, ulong from, ulong to, DateTimeOffset at)
    {
        if (_entries.TryGetValue(epoch, out var entry))
        {
            (entry.Start, entry.End) = (Math.Min(entry.Start, from), Math.Max(entry.End, to));
            Touch(entry, at);
        }
    }

    /// <summary>A text of it that has no position.</summary>
    public void AddText(string epoch, bool isHistory, DateTimeOffset at)
    {
        if (_entries.TryGetValue(epoch, out var entry))
        {
            entry.HasHistory |= isHistory;
            Touch(entry, at);
        }
    }

    /// <summary>It has an object of which nothing is known.</summary>
    public void Hold(string epoch)
    {
        if (_entries.TryGetValue(epoch, out var entry))
        {
            entry.IsHeld = true;
        }
    }

    private static void Touch(Entry entry, DateTimeOffset at) => entry.At = at > entry.At ? at : entry.At;

    private sealed class Entry
    {
        public required int Timeline { get; init; }

        public required int SegmentSize { get; init; }

        public ulong Start { get; set; }

        public ulong End { get; set; }

        public DateTimeOffset At { get; set; }

        public bool HasHistory { get; set; }

        public bool IsHeld { get; set; }
    }
}
