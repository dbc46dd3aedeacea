using BackupFunctions.Postgres.Replication;

namespace BackupFunctions.Jobs.Wal.Gaps;

/// <summary>A server's timelines to its present one.</summary>
/// <param name="Timeline">The present one.</param>
/// <param name="Ancestors">Oldest first.</param>
internal sealed record ServerLine(int Timeline, IReadOnlyList<TimelineSwitch> Ancestors)
{
    /// <summary>The timeline whose log follows on a position.</summary>
    public int At(ulong position) => Ancestors.FirstOrDefault(ancestor => ancestor.EndLsn > position)?.Timeline ?? Timeline;

    /// <summary>Up to where log of a timeline is this server's; null: it never was on it.</summary>
    public ulong? EndOf(int timeline) =>
        timeline == Timeline ? ulong.MaxValue : Ancestors.FirstOrDefault(ancestor => ancestor.Timeline == timeline)?.EndLsn;
}
