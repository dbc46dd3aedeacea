using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Tenants;

/// <summary>Each warning once, and not more of them than somebody reads: a target that is away is told by every tenant.</summary>
internal sealed class WarningLimit(IJobReporter reporter) : IJobReporter
{
    private const int Most = 50;

    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private int _more;

    public void Phase(string phase, long? bytesTotal = null) => reporter.Phase(phase, bytesTotal);

    public void Bytes(long done) => reporter.Bytes(done);

    public void AddBytes(long more) => reporter.AddBytes(more);

    public void Detail(string detail) => reporter.Detail(detail);

    public void Target(string name) => reporter.Target(name);

    public void Failover(string sentence) => reporter.Failover(sentence);

    public void Warn(string sentence)
    {
        lock (_told)
        {
            if (_told.Contains(sentence))
            {
                return;
            }

            if (_told.Count == Most)
            {
                _more++;
                return;
            }

            _told.Add(sentence);
        }

        reporter.Warn(sentence);
    }

    /// <summary>Says how many were left out.</summary>
    public void End()
    {
        if (_more > 0)
        {
            reporter.Warn($"And {_more} more warnings of the same run.");
        }
    }
}
