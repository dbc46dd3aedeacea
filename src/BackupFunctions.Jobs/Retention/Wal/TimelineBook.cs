using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Jobs.Retention.Wal;

/// <summary>Where the timelines of one server left their parents, as its epochs say. Epochs that contradict each other leave it unknown.</summary>
internal sealed class TimelineBook(string systemId)
{
    private readonly Dictionary<int, KnownTimeline> _timelines = [];
    private readonly SortedSet<int> _contradicted = [];

    public IReadOnlyList<KnownTimeline> Timelines => [.. _timelines.Values.Where(timeline => !_contradicted.Contains(timeline.Timeline))];

    public IEnumerable<UnknownFact> Unknowns => _contradicted.Select(timeline => new UnknownFact(
        $"Receivers of server {systemId} disagree on where its timeline {timeline} came from: two servers may have been promoted to it; find out which log is which.")
    {
        SystemId = systemId,
    });

    public void Add(WalEpoch epoch)
    {
        for (var index = 0; index < epoch.Ancestors.Count; index++)
        {
            var (parent, child) = (epoch.Ancestors[index], index + 1 < epoch.Ancestors.Count ? epoch.Ancestors[index + 1].Timeline : epoch.Timeline);
            var known = new KnownTimeline(systemId, child, parent.Timeline, Lsn.Parse(parent.EndLsn));
            if (_timelines.TryGetValue(child, out var before) && before != known)
            {
                _contradicted.Add(child);
            }

            _timelines[child] = known;
        }
    }
}
