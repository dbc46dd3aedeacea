using System.Collections.Concurrent;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Tests.Support;

internal sealed class RecordingReporter : IJobReporter
{
    public ConcurrentQueue<string> Phases { get; } = new();

    public ConcurrentQueue<string> Targets { get; } = new();

    public ConcurrentQueue<string> Failovers { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    public string? LastDetail { get; private set; }

    public ConcurrentQueue<string> BasesNeeded { get; } = new();

    /// <summary>Called at the beginning of every phase.</summary>
    public Action<string> OnPhase { get; set; } = _ => { };

    public void Phase(string phase, long? bytesTotal = null)
    {
        Phases.Enqueue(phase);
        OnPhase(phase);
    }

    public void Bytes(long done)
    {
    }

    public void AddBytes(long more)
    {
    }

    /// <summary>Called at every detail.</summary>
    public Action<string> OnDetail { get; set; } = _ => { };

    public void Detail(string detail)
    {
        LastDetail = detail;
        OnDetail(detail);
    }

    public void Target(string name) => Targets.Enqueue(name);

    public void Failover(string sentence) => Failovers.Enqueue(sentence);

    public void NeedBase(string gapId) => BasesNeeded.Enqueue(gapId);

    public void Warn(string sentence) => Warnings.Enqueue(sentence);
}
