namespace BackupFunctions.Contracts.Logs;

/// <summary>A set of positions of one server's log, as few stretches as possible, by timeline and position. Immutable.</summary>
public sealed class LogSpans
{
    private readonly LogSpan[] _spans;

    private LogSpans(LogSpan[] spans) => _spans = spans;

    public static LogSpans None { get; } = new([]);

    public IReadOnlyList<LogSpan> All => _spans;

    public bool IsEmpty => _spans.Length == 0;

    /// <param name="spans">In any order; those that overlap or touch become one, empty ones nothing.</param>
    public static LogSpans Of(IEnumerable<LogSpan> spans)
    {
        var merged = new List<LogSpan>();
        foreach (var span in spans.Where(span => span.From < span.To).OrderBy(span => span.Timeline).ThenBy(span => span.From))
        {
            if (merged is [.., var last] && last.Timeline == span.Timeline && span.From <= last.To)
            {
                merged[^1] = last with { To = Math.Max(last.To, span.To) };
            }
            else
            {
                merged.Add(span);
            }
        }

        return merged.Count == 0 ? None : new LogSpans([.. merged]);
    }

    /// <summary>All of a stretch is in it; of an empty one, its position.</summary>
    public bool Holds(int timeline, ulong from, ulong to)
    {
        var (low, high) = (0, _spans.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var span = _spans[middle];
            (low, high) = span.Timeline < timeline || (span.Timeline == timeline && span.To <= from) ? (middle + 1, high) : (low, middle);
        }

        return low < _spans.Length && _spans[low].Timeline == timeline && _spans[low].From <= from && to <= _spans[low].To;
    }

    public bool Holds(LogSpan span) => Holds(span.Timeline, span.From, span.To);

    public LogSpans Or(LogSpans other) => Of(_spans.Concat(other._spans));

    public LogSpans And(LogSpans other) => Without(Without(other));

    public LogSpans Without(LogSpans other)
    {
        var left = new List<LogSpan>();
        var next = 0;
        foreach (var span in _spans)
        {
            var from = span.From;
            while (next < other._spans.Length && (other._spans[next].Timeline < span.Timeline || (other._spans[next].Timeline == span.Timeline && other._spans[next].To <= from)))
            {
                next++;
            }

            // One that reaches beyond this stretch counts for the next one, too.
            for (var index = next; index < other._spans.Length && other._spans[index].Timeline == span.Timeline && other._spans[index].From < span.To; index++)
            {
                left.Add(span with { From = from, To = Math.Max(from, other._spans[index].From) });
                from = Math.Max(from, other._spans[index].To);
            }

            left.Add(span with { From = Math.Min(from, span.To) });
        }

        return Of(left);
    }

    public bool Same(LogSpans other) => _spans.AsSpan().SequenceEqual(other._spans);
}
