namespace BackupFunctions.Tests.Support;

/// <summary>A clock whose timers fire only when told to.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly List<Timer> _timers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(() => callback(state), dueTime);
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Fires every timer that is due within that time from its creation.</summary>
    public void Pass(TimeSpan time)
    {
        foreach (var timer in _timers.Where(timer => timer.Due <= time).ToList())
        {
            timer.Fire();
        }
    }

    private sealed class Timer(Action fire, TimeSpan due) : ITimer
    {
        private bool _disposed;

        public TimeSpan Due => due;

        public void Fire()
        {
            if (!_disposed)
            {
                fire();
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => _disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
