using System.Globalization;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Jobs.Retention.Wal;

/// <summary>
/// From where to where each receiver's log goes. Its inventories and their signatures span all of it, so that whoever keeps any of the log
/// keeps them.
/// </summary>
internal sealed class EpochSpans
{
    private const string SignatureEnding = ".sig";
    private const string DocumentEnding = ".json";

    private readonly Dictionary<string, (ulong Start, ulong End, DateTimeOffset At)> _spans = new(StringComparer.Ordinal);

    public void Add(string epoch, KnownWal wal)
    {
        if (wal.Kind == WalObjectKind.Segment)
        {
            _spans[epoch] = _spans.TryGetValue(epoch, out var span)
                ? (Math.Min(span.Start, wal.StartLsn), Math.Max(span.End, wal.EndLsn), span.At > wal.At ? span.At : wal.At)
                : (wal.StartLsn, wal.EndLsn, wal.At);
        }
    }

    /// <param name="key">Below the server's folder.</param>
    /// <param name="system">The server.</param>
    /// <param name="at">When it was written.</param>
    /// <param name="copies">Where it lies.</param>
    /// <returns>Null: its name says nothing, so that it never goes.</returns>
    public KnownWal? Find(string key, string system, DateTimeOffset at, IReadOnlyList<KnownCopy> copies)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var file = key[(slash + 1)..];
        var document = file.EndsWith(SignatureEnding, StringComparison.Ordinal) ? file[..^SignatureEnding.Length] + DocumentEnding : file;
        if (!int.TryParse(key.AsSpan(0, slash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var timeline) || timeline < 1
            || !WalInventoryName.TryParse(document, out var name))
        {
            return null;
        }

        // Of a receiver that found nothing new, only the position is known.
        var (start, end, last) = _spans.TryGetValue(name.Epoch, out var span) ? span : (name.End, name.End, at);
        return new KnownWal(system, timeline, start, end, last > at ? last : at, key, copies) { Kind = WalObjectKind.Inventory };
    }
}
