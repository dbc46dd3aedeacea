namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>The listeners of this host's timer functions.</summary>
internal sealed class TimerListeners(IReadOnlyList<TimerListener> all) : IDisposable
{
    public IReadOnlyList<TimerListener> All { get; } = all;

    /// <returns>Null when no timer function has this name.</returns>
    public TimerListener? Find(string function) =>
        All.FirstOrDefault(listener => string.Equals(listener.Function, function, StringComparison.OrdinalIgnoreCase));

    public void Dispose()
    {
        foreach (var listener in All)
        {
            listener.Dispose();
        }
    }
}
