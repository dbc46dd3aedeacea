namespace BackupFunctions.Storage.Failover;

/// <summary>Tells a target that trickles. Only time spent waiting for bytes counts, not what their reader does with them.</summary>
internal sealed class ThroughputWatch(FailoverReaderOptions options)
{
    private TimeSpan _window = options.SlowWindow;
    private TimeSpan _waited;
    private long _bytes;

    /// <summary>The last window stayed below the slowest rate.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>In words, for the cause of a switch.</summary>
    public string Finding { get; private set; } = "";

    public void Add(int bytes, TimeSpan waited)
    {
        (_bytes, _waited) = (_bytes + bytes, _waited + waited);
        if (_waited < _window)
        {
            return;
        }

        var rate = _bytes / _waited.TotalSeconds;
        IsSlow = rate < options.SlowestRate;
        Finding = $"{rate / 1024:0.#} KiB/s over {_waited.TotalSeconds:0.#} s";
        (_bytes, _waited) = (0, TimeSpan.Zero);
    }

    /// <summary>Another target is read from now on.</summary>
    public void Reset() => (_bytes, _waited, IsSlow) = (0, TimeSpan.Zero, false);

    /// <summary>No other target did better: ask less often.</summary>
    public void BePatient()
    {
        Reset();
        _window *= 2;
    }
}
