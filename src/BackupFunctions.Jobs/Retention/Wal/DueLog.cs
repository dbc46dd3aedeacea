using BackupFunctions.Retention;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Jobs.Retention.Wal;

/// <summary>What of one server's folder goes now, told by the names below it.</summary>
/// <param name="plan">What is due.</param>
/// <param name="epochs">By id; of one that could not be read nothing goes.</param>
/// <param name="windowBegin">What was written since then stays.</param>
internal sealed class DueLog(WalPlan plan, IReadOnlyDictionary<string, KnownEpoch> epochs, DateTimeOffset windowBegin)
{
    private readonly HashSet<string> _dueEpochs = plan.DueEpochs.ToHashSet(StringComparer.Ordinal);

    /// <summary>A history or an inventory goes with its epoch, a segment by its position.</summary>
    public bool Has(LogKey key, DateTimeOffset at) => at < windowBegin && epochs.TryGetValue(key.Epoch, out var epoch)
        && (key.Object is null or { IsHistory: true } ? _dueEpochs.Contains(key.Epoch) : key.SpanOf(epoch.SegmentSize) is { } span && plan.Due.Holds(span));
}
