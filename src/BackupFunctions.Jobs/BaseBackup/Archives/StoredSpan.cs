using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.BaseBackup.Archives;

/// <summary>
/// How much of a short span of log the required number of targets hold. Whoever archived it has read it back before it got its name; a name
/// whose epoch nobody signed counts for nothing.
/// </summary>
internal sealed class StoredSpan(string cluster, string system, IReadOnlyList<IStorageTarget> targets, int requiredCopies, WalEpochs epochs)
{
    private readonly Dictionary<string, bool> _signed = new(StringComparer.Ordinal);

    /// <param name="timeline">Of all of it.</param>
    /// <param name="start">The first byte of a segment.</param>
    /// <param name="stop">Behind the last byte wanted.</param>
    /// <param name="segmentSize">Bytes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>From the start to here it is stored without a hole; a target that does not answer holds nothing.</returns>
    public async Task<ulong> EndAsync(int timeline, ulong start, ulong stop, int segmentSize, CancellationToken cancellationToken)
    {
        var ends = new Dictionary<ulong, ulong>();
        foreach (var (name, _) in (await CopiesAsync(timeline, start, stop, segmentSize, cancellationToken)).Where(copies => copies.Value >= requiredCopies))
        {
            if (WalSegmentName.TryStartOf(name.File, segmentSize, out var at) && await IsSignedAsync(name.Epoch, cancellationToken))
            {
                ends[at] = Math.Max(ends.GetValueOrDefault(at), name.End ?? at + (ulong)segmentSize);
            }
        }

        var end = start;
        while (end < stop && ends.TryGetValue(end, out var next))
        {
            end = next;
        }

        return end;
    }

    private async Task<Dictionary<WalObjectName, int>> CopiesAsync(int timeline, ulong start, ulong stop, int segmentSize, CancellationToken cancellationToken)
    {
        var folder = StorageKeys.WalTimeline(cluster, system, timeline);
        var (first, last) = (WalSegmentName.Of(timeline, start, segmentSize), WalSegmentName.Of(timeline, stop - 1, segmentSize));
        var common = first[..first.AsSpan().CommonPrefixLength(last)];
        var copies = new Dictionary<WalObjectName, int>();
        foreach (var target in targets)
        {
            var held = new HashSet<WalObjectName>();
            try
            {
                await foreach (var stored in target.ListAsync(folder + common, cancellationToken))
                {
                    if (WalObjectName.TryParse(stored.Key.AsSpan(folder.Length), out var name) && name.Form is WalForm.Segment or WalForm.Partial)
                    {
                        held.Add(name);
                    }
                }
            }
            catch (StorageException)
            {
                continue;
            }

            foreach (var name in held)
            {
                copies[name] = copies.GetValueOrDefault(name) + 1;
            }
        }

        return copies;
    }

    private async Task<bool> IsSignedAsync(string epoch, CancellationToken cancellationToken)
    {
        if (!_signed.TryGetValue(epoch, out var signed))
        {
            try
            {
                signed = await epochs.ReadAsync(system, epoch, cancellationToken) is not null;
            }
            catch (PgdrException)
            {
                signed = false;
            }

            _signed[epoch] = signed;
        }

        return signed;
    }
}
