using System.Collections.Concurrent;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Wal;

/// <summary>
/// Which targets take part now: one that failed is left out for a while, longer each time, unless too few would be left. What it misses
/// meanwhile is copied to it later.
/// </summary>
internal sealed class WalTargets(IReadOnlyList<IStorageTarget> targets, int requiredCopies, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, TimeSpan Pause, string Cause)> _failed = new(StringComparer.Ordinal);

    /// <summary>Targets that failed at their last turn, with the cause.</summary>
    public IReadOnlyDictionary<string, string> Failed => _failed.ToDictionary(pair => pair.Key, pair => pair.Value.Cause, StringComparer.Ordinal);

    public IReadOnlyList<IStorageTarget> All => targets;

    public IReadOnlyList<IStorageTarget> Usable()
    {
        var now = time.GetUtcNow();
        List<IStorageTarget> usable = [.. targets.Where(target => !_failed.TryGetValue(target.Name, out var failure) || failure.Until <= now)];
        return usable.Count >= requiredCopies ? usable : targets;
    }

    /// <returns>True: it had not failed at its last turn.</returns>
    public bool Fail(string target, string cause)
    {
        var isNew = true;
        _failed.AddOrUpdate(
            target,
            _ => (time.GetUtcNow() + FirstPause, FirstPause, cause),
            (_, before) =>
            {
                isNew = false;
                var pause = before.Pause * 2 < LongestPause ? before.Pause * 2 : LongestPause;
                return (time.GetUtcNow() + pause, pause, cause);
            });
        return isNew;
    }

    public void Succeed(string target) => _failed.TryRemove(target, out _);
}
