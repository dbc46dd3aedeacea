using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Wal.Windows;

/// <summary>
/// Log that is left for archives alone: from the segment in which one began to the one in which it was consistent, and nothing behind it. The
/// log behind it went by retention or was never archived, so what is missing there is no gap, and there is one point to recover to.
/// </summary>
public sealed class ArchiveIslands
{
    private readonly Dictionary<(int Timeline, ulong End), Manifest> _islands;

    private ArchiveIslands(Dictionary<(int Timeline, ulong End), Manifest> islands) => _islands = islands;

    /// <summary>Archives that cannot be started: not all log that they need is on the required number of targets.</summary>
    public required IReadOnlyList<Manifest> Stranded { get; init; }

    /// <param name="log">Of the server.</param>
    /// <param name="bases">Base backups; those of other servers count for nothing.</param>
    public static ArchiveIslands Of(StoredLog log, IEnumerable<Manifest> bases)
    {
        List<Manifest> archives =
        [
            .. bases.Where(backup => backup is { Archive: true, Base: not null } && string.Equals(backup.Server.SystemIdentifier, log.SystemIdentifier, StringComparison.Ordinal))
                .OrderBy(backup => Lsn.Parse(backup.Base!.StartLsn)),
        ];
        var islands = new Dictionary<(int Timeline, ulong End), Manifest>();
        foreach (var range in log.Ranges.Where(range => HasHoleBehind(log, range)))
        {
            if (LastOn(range, archives, (ulong)log.NewestEpoch.SegmentSize) is { } last)
            {
                islands[(range.Timeline, range.End)] = last;
            }
        }

        return new ArchiveIslands(islands) { Stranded = [.. archives.Where(archive => !log.Ranges.Any(range => Holds(range, archive)))] };
    }

    /// <summary>The last archive that a range of log is left for; null: it is not left for archives alone.</summary>
    public Manifest? Find(LogRange range) => _islands.GetValueOrDefault((range.Timeline, range.End));

    /// <summary>Nothing is missing: the log before it is there for an archive alone.</summary>
    /// <param name="hole">Between two ranges.</param>
    /// <param name="expectedSince">Log behind younger archives has to be there: to lack it is a gap.</param>
    public bool Explains(LogHole hole, DateTimeOffset expectedSince) => Explains(hole.Timeline, hole.From, expectedSince);

    /// <summary>A receiver began anew behind an archive and recorded that it knows no log in between.</summary>
    /// <param name="gap">As it was recorded.</param>
    /// <param name="expectedSince">Log behind younger archives has to be there: to lack it is a gap.</param>
    public bool Explains(WalGap gap, DateTimeOffset expectedSince) => Explains(gap.FromTimeline, Lsn.Parse(gap.FromLsn), expectedSince);

    /// <summary>The log that an archive needs lies in this range.</summary>
    public static bool Holds(LogRange range, Manifest archive) =>
        archive.Base is { } facts && facts.Timeline == range.Timeline && facts.StopTimeline == range.Timeline
        && Lsn.Parse(facts.StartLsn) >= range.Start && Lsn.Parse(facts.StopLsn) <= range.End;

    private bool Explains(int timeline, ulong from, DateTimeOffset expectedSince) =>
        _islands.TryGetValue((timeline, from), out var archive) && archive.SnapshotAt < expectedSince;

    /// <summary>Log at the end of a line may grow: whatever is there is a window like any other.</summary>
    private static bool HasHoleBehind(StoredLog log, LogRange range) =>
        log.Ranges.Any(other => other.Timeline == range.Timeline && other.Start > range.End)
        || log.NewestEpoch.Ancestors.Any(ancestor => ancestor.Timeline == range.Timeline && Lsn.Parse(ancestor.EndLsn) > range.End);

    /// <summary>Archives of one day may lie side by side.</summary>
    private static Manifest? LastOn(LogRange range, List<Manifest> archives, ulong segmentSize)
    {
        Manifest? last = null;
        var covered = range.Start;
        foreach (var archive in archives.Where(archive => Holds(range, archive)))
        {
            if (Lsn.Parse(archive.Base!.StartLsn) / segmentSize * segmentSize <= covered)
            {
                // Retention keeps the segment that begins where the archive is consistent, too.
                covered = Math.Max(covered, ((Lsn.Parse(archive.Base.StopLsn) / segmentSize) + 1) * segmentSize);
                last = archive;
            }
        }

        return covered >= range.End ? last : null;
    }
}
