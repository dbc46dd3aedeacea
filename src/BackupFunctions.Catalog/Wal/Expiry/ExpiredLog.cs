using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Logs;

namespace BackupFunctions.Catalog.Wal.Expiry;

/// <summary>Log of one server that retention has let go: when it is missing, that is no hole.</summary>
public sealed class ExpiredLog
{
    private readonly HashSet<string> _epochs;
    private readonly int _segmentSize;

    /// <param name="newest">What the newest statement says; null: there is none.</param>
    /// <param name="doubts">Newer ones that cannot be believed, a sentence each.</param>
    public ExpiredLog(StoredExpiry? newest, IReadOnlyList<string> doubts)
    {
        (Deleted, Doubts) = (newest?.Deleted ?? LogSpans.None, doubts);
        Spans = newest is null ? LogSpans.None : newest.Expired.Or(newest.Deleted);
        _segmentSize = newest?.Document.SegmentSize ?? 0;
        _epochs = newest is null ? [] : newest.Document.Epochs.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What nothing needs, and what is gone.</summary>
    public LogSpans Spans { get; }

    /// <summary>What is gone, or about to be.</summary>
    public LogSpans Deleted { get; }

    public IReadOnlyList<string> Doubts { get; }

    /// <summary>A segment by its position, a text without one by its epoch.</summary>
    public bool Has(WalObjectName name) => name.IsHistory
        ? HasEpoch(name.Epoch)
        : !Spans.IsEmpty && WalSegmentName.TryStartOf(name.File, _segmentSize, out var start) && Spans.Holds(name.Timeline, start, name.End ?? start + (ulong)_segmentSize);

    /// <summary>Nothing of this epoch is needed: it goes, and its inventories with it.</summary>
    public bool HasEpoch(string epoch) => _epochs.Contains(epoch);
}
