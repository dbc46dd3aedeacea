using BackupFunctions.Contracts.Logs;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Wal;

/// <summary>
/// Since when each piece of what expires has been stated without a break: a position's time is that of the oldest of the newest statements
/// that all name it. What was spared in between begins anew.
/// </summary>
internal sealed class ExpiryRecord
{
    private readonly List<(DateTimeOffset Since, LogSpans Log, HashSet<string> Epochs)> _steps = [];

    /// <param name="newestFirst">The server's statements.</param>
    /// <param name="expired">What nothing needs now.</param>
    /// <param name="epochs">Epochs that nothing needs now.</param>
    public ExpiryRecord(IEnumerable<KnownExpiry> newestFirst, LogSpans expired, IEnumerable<string> epochs)
    {
        var (log, ids) = (expired, epochs.ToHashSet(StringComparer.Ordinal));
        foreach (var stated in newestFirst)
        {
            log = log.And(stated.Expired);
            ids = [.. ids.Intersect(stated.Epochs, StringComparer.Ordinal)];
            if (log.IsEmpty && ids.Count == 0)
            {
                break;
            }

            _steps.Add((stated.At, log, ids));
            if (stated.IsTorn)
            {
                break;
            }
        }
    }

    /// <summary>What has been stated at or before a time, and ever since.</summary>
    public LogSpans LogSince(DateTimeOffset time) => Before(time) is var found && found >= 0 ? _steps[found].Log : LogSpans.None;

    public IReadOnlyCollection<string> EpochsSince(DateTimeOffset time) => Before(time) is var found && found >= 0 ? _steps[found].Epochs : [];

    /// <summary>Pieces that were stated, each with the time since when.</summary>
    public IEnumerable<(DateTimeOffset Since, LogSpans Log)> Pieces() =>
        _steps.Select((step, index) => (step.Since, index + 1 < _steps.Count ? step.Log.Without(_steps[index + 1].Log) : step.Log));

    private int Before(DateTimeOffset time) => _steps.FindIndex(step => step.Since <= time);
}
