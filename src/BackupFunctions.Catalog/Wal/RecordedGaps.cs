using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Wal;

/// <summary>
/// The holes that receivers recorded. A receiver records one in the epoch that begins behind it, so the epochs of each range's first segment
/// are read: a few of thousands.
/// </summary>
internal static class RecordedGaps
{
    /// <returns>Oldest first; one that was recorded twice counts once. An epoch that cannot be read or believed records nothing: the hole is there all the same.</returns>
    public static async Task<IReadOnlyList<WalGap>> ReadAsync(
        ListedWal listed, IEnumerable<LogRange> ranges, int segmentSize, string systemIdentifier, WalEpochs epochs, CancellationToken cancellationToken)
    {
        var beginnings = ranges.Select(range => WalSegmentName.Of(range.Timeline, range.Start, segmentSize)).ToHashSet(StringComparer.Ordinal);
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var key in listed.Objects.Keys)
        {
            if (WalObjectName.TryParse(key.AsSpan(key.IndexOf('/', StringComparison.Ordinal) + 1), out var name) && beginnings.Contains(name.File) && listed.Epochs.ContainsKey(name.Epoch))
            {
                ids.Add(name.Epoch);
            }
        }

        var gaps = new SortedDictionary<string, WalGap>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            try
            {
                if ((await epochs.ReadAsync(systemIdentifier, id, cancellationToken)).Gap is { } gap)
                {
                    gaps[gap.Id] = gap;
                }
            }
            catch (PgdrException)
            {
                continue;
            }
        }

        return [.. gaps.Values];
    }
}
