namespace BackupFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>Wakes those who wait for a change of an instance.</summary>
internal sealed class InstanceWatches(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<AsyncSignal>> _watches = new(StringComparer.Ordinal);

    /// <returns>The signal, and what ends the watch.</returns>
    public (AsyncSignal Signal, IDisposable Watch) Add(string instanceId)
    {
        var signal = new AsyncSignal(time);
        lock (_lock)
        {
            if (!_watches.TryGetValue(instanceId, out var signals))
            {
                _watches.Add(instanceId, signals = []);
            }

            signals.Add(signal);
        }

        return (signal, new Watch(() => Remove(instanceId, signal)));
    }

    public void Set(string instanceId)
    {
        lock (_lock)
        {
            _watches.GetValueOrDefault(instanceId)?.ForEach(signal => signal.Set());
        }
    }

    public void SetAll()
    {
        lock (_lock)
        {
            foreach (var signal in _watches.Values.SelectMany(signals => signals))
            {
                signal.Set();
            }
        }
    }

    private void Remove(string instanceId, AsyncSignal signal)
    {
        lock (_lock)
        {
            var signals = _watches[instanceId];
            signals.Remove(signal);
            if (signals.Count == 0)
            {
                _watches.Remove(instanceId);
            }
        }
    }

    private sealed class Watch(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
