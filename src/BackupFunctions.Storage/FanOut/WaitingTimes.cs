namespace BackupFunctions.Storage.FanOut;

/// <summary>
/// How long a session has waited for each target alone. Several objects that wait for one at the same time wait once: what counts is the
/// time that the backup takes longer.
/// </summary>
internal sealed class WaitingTimes(FanOutOptions options)
{
    /// <summary>Of a session's age.</summary>
    private const double Share = 0.25;

    private static readonly Entry Nothing = new(0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly long _began = options.Time.GetTimestamp();

    private TimeProvider Time => options.Time;

    public void Begin(string target)
    {
        lock (_lock)
        {
            var entry = _entries.GetValueOrDefault(target, Nothing);
            _entries[target] = entry with { Waiters = entry.Waiters + 1, Since = entry.Waiters == 0 ? Time.GetTimestamp() : entry.Since };
        }
    }

    public void End(string target)
    {
        lock (_lock)
        {
            var entry = _entries[target];
            _entries[target] = entry with { Waiters = entry.Waiters - 1, Sum = entry.Waiters == 1 ? entry.Sum + Time.GetElapsedTime(entry.Since) : entry.Sum };
        }
    }

    /// <summary>Objects that wait for it alone at this moment.</summary>
    public int WaitersFor(string target)
    {
        lock (_lock)
        {
            return _entries.GetValueOrDefault(target, Nothing).Waiters;
        }
    }

    /// <summary>Until now, the present wait included.</summary>
    public TimeSpan Of(string target)
    {
        lock (_lock)
        {
            var entry = _entries.GetValueOrDefault(target, Nothing);
            return entry.Waiters > 0 ? entry.Sum + Time.GetElapsedTime(entry.Since) : entry.Sum;
        }
    }

    /// <summary>Zero or less: it has had its share. Grows with the age of the session.</summary>
    public TimeSpan LeftFor(string target)
    {
        var share = Time.GetElapsedTime(_began) * Share;
        return (share > options.SlowTargetAllowance ? share : options.SlowTargetAllowance) - Of(target);
    }

    private sealed record Entry(int Waiters, long Since, TimeSpan Sum);
}
