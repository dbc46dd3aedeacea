using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Wal;

/// <summary>Timelines of every server; see "Timelines" in PostgreSQL's chapter on continuous archiving.</summary>
internal sealed class TimelinePaths
{
    private readonly Dictionary<(string System, int Timeline), KnownTimeline> _parents;
    private readonly Dictionary<(string System, int Timeline), DateTimeOffset> _lastSeen = [];
    private readonly Dictionary<(string System, int Timeline), TimelinePath> _paths = [];

    public TimelinePaths(RetentionState state)
    {
        _parents = state.Timelines.ToDictionary(timeline => (timeline.SystemId, timeline.Timeline));
        foreach (var history in state.Timelines)
        {
            // Its history is archived before its first segment: until then the server lives on it already.
            See(history.SystemId, history.Timeline, DateTimeOffset.MinValue);
        }

        foreach (var wal in state.Wal)
        {
            See(wal.SystemId, wal.Timeline, wal.At);
        }

        foreach (var epoch in state.Epochs)
        {
            See(epoch.SystemId, epoch.Timeline, epoch.At);
        }

        foreach (var backup in state.Backups)
        {
            if (backup.Wal is { } span)
            {
                See(span.SystemId, span.Timeline, backup.SnapshotAt);
            }
        }

        var unknowns = new List<UnknownFact>();
        foreach (var (system, timeline) in _lastSeen.Keys)
        {
            if (PathTo(system, timeline) is { } path)
            {
                _paths[(system, timeline)] = path;
            }
            else
            {
                unknowns.Add(new UnknownFact($"The history of timeline {timeline} of server {system} is not known.") { SystemId = system });
            }
        }

        Unknowns = unknowns;
    }

    /// <summary>Timelines whose history is missing.</summary>
    public IReadOnlyList<UnknownFact> Unknowns { get; }

    /// <summary>Paths to all timelines of a server.</summary>
    public IEnumerable<TimelinePath> Of(string system) =>
        _paths.Where(path => string.Equals(path.Key.System, system, StringComparison.Ordinal)).Select(path => path.Value).OrderBy(path => path.Timeline);

    /// <summary>Paths to the timelines that were written to since then, and to the newest one: an idle server still lives on it.</summary>
    public IEnumerable<TimelinePath> LivingIn(string system, DateTimeOffset since)
    {
        var own = _paths.Where(path => string.Equals(path.Key.System, system, StringComparison.Ordinal)).ToList();
        var newest = own.Select(path => path.Key.Timeline).DefaultIfEmpty().Max();
        return own.Where(path => path.Key.Timeline == newest || _lastSeen[path.Key] >= since).Select(path => path.Value).OrderBy(path => path.Timeline);
    }

    private void See(string system, int timeline, DateTimeOffset at)
    {
        if (!_lastSeen.TryGetValue((system, timeline), out var last) || last < at)
        {
            _lastSeen[(system, timeline)] = at;
        }
    }

    /// <returns>Null when a history on the way is missing or leads in a circle.</returns>
    private TimelinePath? PathTo(string system, int timeline)
    {
        var legs = new List<(int Timeline, ulong Until)> { (timeline, ulong.MaxValue) };
        while (legs[^1].Timeline != 1)
        {
            if (!_parents.TryGetValue((system, legs[^1].Timeline), out var history) || history.Parent >= legs[^1].Timeline)
            {
                return null;
            }

            // A recovery can end before the timeline it followed had begun: what lies behind that end is not on the way.
            legs.Add((history.Parent, Math.Min(history.SwitchLsn, legs[^1].Until)));
        }

        legs.Reverse();
        return new TimelinePath(timeline, legs);
    }
}
