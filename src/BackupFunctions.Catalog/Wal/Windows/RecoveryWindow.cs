using System.Globalization;
using BackupFunctions.Archive.Wal;

namespace BackupFunctions.Catalog.Wal.Windows;

/// <summary>Every point of it can be recovered to: a base backup, and log without a hole from it on.</summary>
/// <param name="Timeline">That the points are on, from 1.</param>
/// <param name="BackupId">The base that the earliest point needs.</param>
/// <param name="EarliestLsn">Where that base is consistent, or where the timeline begins, bytes.</param>
/// <param name="EarliestAt">When that base was complete; null: the window begins with its timeline, whose moment no document tells.</param>
/// <param name="LatestLsn">Where the log ends, bytes.</param>
/// <param name="LatestAt">Every transaction up to then is known to be in it; null: no inventory says. Later ones may be, too.</param>
public sealed record RecoveryWindow(
    int Timeline, string BackupId, ulong EarliestLsn, DateTimeOffset? EarliestAt, ulong LatestLsn, DateTimeOffset? LatestAt)
{
    /// <summary>All log behind its archives is gone: it ends where the last of them is consistent.</summary>
    public bool IsArchive { get; init; }

    /// <summary>With the time up to which its log is known to be complete, unless that says nothing of this window.</summary>
    public RecoveryWindow CompleteBy(CoveredTime? covered) =>
        this with { LatestAt = covered is null || covered.Lsn < EarliestLsn || covered.CompleteUntil < EarliestAt ? null : covered.CompleteUntil };

    public override string ToString() => IsArchive && EarliestLsn == LatestLsn
        ? $"to {Point(EarliestLsn, EarliestAt)} of timeline {Timeline} alone, archive {BackupId}"
        : $"from {Point(EarliestLsn, EarliestAt)} to {Point(LatestLsn, LatestAt)} of timeline {Timeline}";

    private static string Point(ulong lsn, DateTimeOffset? at) =>
        at is { } time ? string.Create(CultureInfo.InvariantCulture, $"{Lsn.Format(lsn)} ({time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z)") : Lsn.Format(lsn);
}
