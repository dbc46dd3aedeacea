using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Wal;

/// <summary>The way from the first timeline to this one: each leg counts up to where the next one left it.</summary>
/// <param name="Timeline">Where it leads.</param>
/// <param name="Legs">Oldest first; the last one has no end.</param>
internal sealed record TimelinePath(int Timeline, IReadOnlyList<(int Timeline, ulong Until)> Legs)
{
    /// <summary>Replay can begin at this base and reach the timeline.</summary>
    public bool Holds(WalSpan span) =>
        Legs.Any(leg => leg.Timeline == span.Timeline) && Legs.Any(leg => leg.Timeline == span.StopTimeline && span.StopLsn <= leg.Until);

    /// <summary>The legs from this base on.</summary>
    public IEnumerable<(int Timeline, ulong Until)> LegsFrom(WalSpan span) => Legs.SkipWhile(leg => leg.Timeline != span.Timeline);
}
