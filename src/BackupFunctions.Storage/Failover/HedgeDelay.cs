namespace BackupFunctions.Storage.Failover;

/// <summary>
/// When a block counts as late: so many times the median of the last ones, so that a slow line alone does not make every read ask two
/// targets, and never before the least delay. After Dean and Barroso, "The Tail at Scale", 2013: hedged requests.
/// </summary>
internal sealed class HedgeDelay(TimeSpan least)
{
    private const int Remembered = 64;
    private const int Multiple = 4;

    private readonly Lock _lock = new();
    private readonly TimeSpan[] _waits = new TimeSpan[Remembered];
    private int _count;
    private TimeSpan _median;

    public TimeSpan Current
    {
        get
        {
            lock (_lock)
            {
                return TimeSpan.FromTicks(Math.Max(least.Ticks, _median.Ticks * Multiple));
            }
        }
    }

    /// <param name="wait">How long a block took that was delivered.</param>
    public void Add(TimeSpan wait)
    {
        lock (_lock)
        {
            _waits[_count++ % Remembered] = wait;
            if (_count % (Remembered / 4) == 0)
            {
                TimeSpan[] ordered = [.. _waits.Take(Math.Min(_count, Remembered)).Order()];
                _median = ordered[ordered.Length / 2];
            }
        }
    }
}
