using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Logs;

namespace BackupFunctions.Jobs.Retention.Wal;

/// <summary>A key below a server's folder that belongs to an epoch: an object of the log, an inventory, or the signature of one.</summary>
/// <param name="Epoch">Whose.</param>
/// <param name="Timeline">From 1.</param>
/// <param name="Object">Null: an inventory, or the signature of one.</param>
/// <param name="Position">Of an inventory: up to where the log was archived.</param>
internal sealed record LogKey(string Epoch, int Timeline, WalObjectName? Object, ulong Position)
{
    private const string SignatureEnding = ".sig";
    private const string DocumentEnding = ".json";
    private const int TimelineLength = 8;

    /// <returns>False: its name says nothing, or not what its folder does.</returns>
    public static bool TryParse(string key, [NotNullWhen(true)] out LogKey? parsed)
    {
        parsed = null;
        if (key.IndexOf('/', StringComparison.Ordinal) != TimelineLength
            || !int.TryParse(key.AsSpan(0, TimelineLength), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var timeline) || timeline < 1)
        {
            return false;
        }

        var file = key.AsSpan(TimelineLength + 1);
        if (!file.StartsWith(WalInventoryName.Prefix, StringComparison.Ordinal))
        {
            parsed = WalObjectName.TryParse(file, out var name) && key.AsSpan(0, TimelineLength).SequenceEqual(name.File.AsSpan(0, TimelineLength)) ? new LogKey(name.Epoch, timeline, name, 0) : null;
        }
        else if (WalInventoryName.TryParse(
            file.EndsWith(SignatureEnding, StringComparison.Ordinal) ? string.Concat(file[..^SignatureEnding.Length], DocumentEnding) : file, out var inventory))
        {
            parsed = new LogKey(inventory.Epoch, timeline, null, inventory.End);
        }

        return parsed is not null;
    }

    /// <summary>The positions of a segment, whole or partial.</summary>
    /// <param name="segmentSize">Of its epoch, bytes.</param>
    /// <returns>Null: it has none, or no segment of that size has such a name.</returns>
    public LogSpan? SpanOf(int segmentSize) => Object is { IsHistory: false } && WalSegmentName.TryStartOf(Object.File, segmentSize, out var start)
        ? new LogSpan(Timeline, start, Object.End ?? start + (ulong)segmentSize)
        : null;
}
