using System.Globalization;
using BackupFunctions.Contracts.Logs;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Wal;

/// <summary>One server's log in stretches that have the same fate, and why, for people.</summary>
internal sealed class WalDecisions(
    IReadOnlyList<WalNeed> needs, LogSpans expired, ExpiryRecord record, LogSpans due, string? whyBlocked, TimeSpan grace)
{
    private const string Unneeded = "no base that stays needs it";

    /// <summary>Stretches without any object say nothing.</summary>
    /// <param name="log">The server's objects.</param>
    public IEnumerable<WalDecision> Describe(IReadOnlyList<KnownWal> log)
    {
        List<WalDecision> all = [.. Kept(), .. Going()];
        var counts = new Dictionary<LogSpan, int>();
        var byTimeline = all.Select(decision => decision.Span).Distinct().OrderBy(span => span.From).ToLookup(span => span.Timeline);
        var spans = byTimeline.ToDictionary(timeline => timeline.Key, timeline => timeline.ToArray());
        foreach (var wal in log)
        {
            // Stretches do not overlap: the last that begins at or before it has it.
            if (spans.TryGetValue(wal.Timeline, out var own) && LastAtOrBefore(own, wal.StartLsn) is { } span)
            {
                counts[span] = counts.GetValueOrDefault(span) + 1;
            }
        }

        return all.Where(decision => counts.ContainsKey(decision.Span)).Select(decision => decision with { Objects = counts[decision.Span] })
            .OrderBy(decision => decision.Span.Timeline).ThenBy(decision => decision.Span.From);
    }

    private IEnumerable<WalDecision> Kept()
    {
        foreach (var span in LogSpans.Of(needs.Select(need => need.Span)).All)
        {
            IReadOnlyList<string> reasons = [.. needs.Where(need => need.Span.Timeline == span.Timeline && need.Span.From < span.To && need.Span.To > span.From)
                .Select(need => need.Reason).Distinct(StringComparer.Ordinal)];
            yield return new WalDecision(span, RetentionAction.Keep, reasons);
        }
    }

    private IEnumerable<WalDecision> Going()
    {
        if (whyBlocked is not null)
        {
            return expired.All.Select(span => new WalDecision(span, RetentionAction.Blocked, [Unneeded, whyBlocked]));
        }

        var stated = record.Pieces().ToList();
        var unstated = stated.Aggregate(expired, (left, piece) => left.Without(piece.Log));
        return unstated.All.Select(span => new WalDecision(span, RetentionAction.Tombstone, [Unneeded]))
            .Concat(stated.SelectMany(piece => piece.Log.Without(due).All.Select(span => Waiting(span, piece.Since + grace))))
            .Concat(due.All.Select(span => new WalDecision(span, RetentionAction.Delete, [Unneeded, "its grace is over"])));
    }

    private static WalDecision Waiting(LogSpan span, DateTimeOffset end) =>
        new(span, RetentionAction.Keep, [Unneeded, string.Create(CultureInfo.InvariantCulture, $"goes after {end.UtcDateTime:yyyy-MM-dd HH:mm}")]) { DeletableAt = end };

    private static LogSpan? LastAtOrBefore(LogSpan[] spans, ulong position)
    {
        var (low, high) = (0, spans.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = spans[middle].From <= position ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && position < spans[low - 1].To ? spans[low - 1] : null;
    }
}
