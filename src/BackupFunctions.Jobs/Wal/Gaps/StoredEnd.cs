using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Wal.Gaps;

/// <summary>
/// How far storage has a server's log, by the names of its objects. Whatever a slot has let go is on the required number of targets: it is
/// absent only when so many answer that one of its copies would have to be seen.
/// </summary>
internal sealed class StoredEnd(string cluster, IReadOnlyList<IStorageTarget> targets, int requiredCopies)
{
    /// <summary>Whether the log right before a position is stored: one listing of a handful of names on each target.</summary>
    /// <param name="system">The server.</param>
    /// <param name="line">Its timelines.</param>
    /// <param name="position">Bytes, above 0.</param>
    /// <param name="segmentSize">Bytes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StorageException">Too few targets answer to tell.</exception>
    public async Task<bool> HasAsync(string system, ServerLine line, ulong position, int segmentSize, CancellationToken cancellationToken)
    {
        var timeline = line.At(position - 1);
        var file = WalSegmentName.Of(timeline, position - 1, segmentSize);
        var prefix = StorageKeys.WalTimeline(cluster, system, timeline);
        var has = false;
        await AskAsync(async target =>
        {
            await foreach (var stored in target.ListAsync(prefix + file, cancellationToken))
            {
                has |= WalObjectName.TryParse(stored.Key.AsSpan(prefix.Length), out var name) && EndOf(name, segmentSize) >= position;
            }
        });
        return has;
    }

    /// <summary>The end of the newest stored log of a server's line; null: nothing of it is stored. Lists everything.</summary>
    /// <exception cref="StorageException">Too few targets answer to tell.</exception>
    public async Task<ulong?> FindAsync(string system, ServerLine line, int segmentSize, CancellationToken cancellationToken)
    {
        var listed = new ListedWal(cluster, system);
        var bit = 1UL;
        await AskAsync(async target =>
        {
            await listed.AddAsync(target, bit, cancellationToken);
            bit <<= 1;
        });
        ulong? newest = null;
        foreach (var key in listed.Objects.Keys)
        {
            if (WalObjectName.TryParse(key.AsSpan(key.IndexOf('/', StringComparison.Ordinal) + 1), out var name)
                && line.EndOf(name.Timeline) is { } last && EndOf(name, segmentSize) is { } end)
            {
                newest = Math.Max(newest ?? 0, Math.Min(end, last));
            }
        }

        return newest;
    }

    private static ulong? EndOf(WalObjectName name, int segmentSize) =>
        name.Form is WalForm.Segment or WalForm.Partial && WalSegmentName.TryStartOf(name.File, segmentSize, out var start)
            ? name.End ?? start + (ulong)segmentSize
            : null;

    private async Task AskAsync(Func<IStorageTarget, Task> ask)
    {
        var away = new List<StorageException>();
        foreach (var target in targets)
        {
            try
            {
                await ask(target);
            }
            catch (StorageException e)
            {
                away.Add(e);
            }
        }

        if (away.Count >= requiredCopies)
        {
            throw away[0];
        }
    }
}
