using System.Collections.Concurrent;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Faults.Tests.Support;

/// <summary>What a job tells while it runs.</summary>
internal sealed class SiteReporter : IJobReporter
{
    public ConcurrentQueue<string> Failovers { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    /// <summary>Called with the name of the target that bytes came from.</summary>
    public Action<string> OnRead { get; set; } = _ => { };

    public void Phase(string phase, long? bytesTotal = null)
    {
    }

    public void Bytes(long done)
    {
    }

    public void AddBytes(long more)
    {
    }

    public void Detail(string detail)
    {
    }

    public void Target(string name) => OnRead(name);

    public void Failover(string sentence) => Failovers.Enqueue(sentence);

    public void Warn(string sentence) => Warnings.Enqueue(sentence);
}
