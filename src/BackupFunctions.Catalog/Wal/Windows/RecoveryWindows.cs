using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Wal.Windows;

/// <summary>Where one server can be recovered to, from its base backups and its log without holes.</summary>
public static class RecoveryWindows
{
    /// <param name="log">Of the server.</param>
    /// <param name="bases">Base backups; those of other servers count for nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>By timeline and position; of a timeline with a hole there may be several.</returns>
    public static async Task<IReadOnlyList<RecoveryWindow>> OfAsync(StoredLog log, IEnumerable<Manifest> bases, CancellationToken cancellationToken)
    {
        List<Manifest> own = [.. bases.Where(backup => backup.Base is not null && string.Equals(backup.Server.SystemIdentifier, log.SystemIdentifier, StringComparison.Ordinal))];
        var windows = new List<RecoveryWindow>();
        foreach (var range in log.Ranges)
        {
            if ((Inherited(log, range, windows) ?? First(range, own)) is not { } window)
            {
                continue;
            }

            windows.Add(window.CompleteBy(await log.CoverageAsync(range.Timeline, range.End, cancellationToken)));
        }

        // Last: a timeline may go on in the segment in which an archive is consistent.
        var islands = ArchiveIslands.Of(log, own);
        return
        [
            .. windows.Select(window => log.Ranges.First(range => range.Timeline == window.Timeline && range.End == window.LatestLsn) is var range && islands.Find(range) is { } archive
                ? window with { LatestLsn = Lsn.Parse(archive.Base!.StopLsn), LatestAt = null, IsArchive = true }
                : window),
        ];
    }

    private static RecoveryWindow? First(LogRange range, IEnumerable<Manifest> bases)
    {
        var first = bases
            .Where(backup => backup.Base!.Timeline == range.Timeline && backup.Base.StopTimeline == range.Timeline
                && Lsn.Parse(backup.Base.StartLsn) >= range.Start && Lsn.Parse(backup.Base.StopLsn) <= range.End)
            .MinBy(backup => Lsn.Parse(backup.Base!.StopLsn));
        return first is null ? null : new RecoveryWindow(range.Timeline, first.BackupId, Lsn.Parse(first.Base!.StopLsn), first.SnapshotAt, range.End, LatestAt: null);
    }

    /// <summary>A timeline that goes on where a window of its parent was left.</summary>
    private static RecoveryWindow? Inherited(StoredLog log, LogRange range, IEnumerable<RecoveryWindow> before)
    {
        var line = log.NewestEpoch.Ancestors.TakeWhile(ancestor => ancestor.Timeline < range.Timeline).ToList();
        var isOnLine = range.Timeline == log.NewestEpoch.Timeline || log.NewestEpoch.Ancestors.Any(ancestor => ancestor.Timeline == range.Timeline);
        if (!isOnLine || line is not [.., var parent] || Lsn.Parse(parent.EndLsn) is var left && (left < range.Start || left > range.End))
        {
            return null;
        }

        var window = before.FirstOrDefault(each => each.Timeline == parent.Timeline && each.EarliestLsn <= left && left <= each.LatestLsn);
        return window is null ? null : new RecoveryWindow(range.Timeline, window.BackupId, left, EarliestAt: null, range.End, LatestAt: null);
    }
}
