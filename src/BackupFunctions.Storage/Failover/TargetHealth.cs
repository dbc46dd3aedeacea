using System.Collections.Concurrent;

namespace BackupFunctions.Storage.Failover;

/// <summary>Remembers which targets failed of late, those of earlier processes too.</summary>
internal sealed class TargetHealth
{
    private readonly FailoverReaderOptions _options;

    /// <summary>Timestamp, and how long ago the failure was then.</summary>
    private readonly ConcurrentDictionary<string, (long At, TimeSpan Age)> _failed = new(StringComparer.Ordinal);

    public TargetHealth(FailoverReaderOptions options)
    {
        _options = options;
        var now = options.Time.GetUtcNow();
        foreach (var (target, at) in options.HealthStore?.ReadFailures() ?? new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal))
        {
            // In the future: a clock was wrong, then or now.
            if (at <= now)
            {
                _failed[target] = (options.Time.GetTimestamp(), now - at);
            }
        }
    }

    public void Failed(string target)
    {
        _failed[target] = (_options.Time.GetTimestamp(), TimeSpan.Zero);
        _options.HealthStore?.Failed(target, _options.Time.GetUtcNow());
    }

    public void Succeeded(string target)
    {
        if (_failed.TryRemove(target, out _))
        {
            _options.HealthStore?.Succeeded(target);
        }
    }

    /// <summary>In the given order, those that failed of late last.</summary>
    public IReadOnlyList<IStorageTarget> Order(IEnumerable<IStorageTarget> targets) => [.. targets.OrderBy(HasFailed)];

    private bool HasFailed(IStorageTarget target) =>
        _failed.TryGetValue(target.Name, out var failure) && _options.Time.GetElapsedTime(failure.At) + failure.Age < _options.Memory;
}
