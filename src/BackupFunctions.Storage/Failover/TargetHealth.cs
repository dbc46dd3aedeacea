using System.Collections.Concurrent;

namespace BackupFunctions.Storage.Failover;

/// <summary>Remembers which targets failed of late.</summary>
internal sealed class TargetHealth(FailoverReaderOptions options)
{
    private readonly ConcurrentDictionary<string, long> _failedAt = new(StringComparer.Ordinal);

    public void Failed(string target) => _failedAt[target] = options.Time.GetTimestamp();

    /// <summary>In the given order, those that failed of late last.</summary>
    public IReadOnlyList<IStorageTarget> Order(IEnumerable<IStorageTarget> targets) => [.. targets.OrderBy(HasFailed)];

    private bool HasFailed(IStorageTarget target) =>
        _failedAt.TryGetValue(target.Name, out var at) && options.Time.GetElapsedTime(at) < options.Memory;
}
