using System.Collections.Concurrent;

namespace BackupFunctions.Jobs.Retention;

/// <summary>What a run has done so far.</summary>
internal sealed class CleanupCounts
{
    private int _tombstoned;
    private int _cancelled;

    public int Tombstoned => _tombstoned;

    public int Cancelled => _cancelled;

    public int Deleted { get; set; }

    /// <summary>Copies whose deletion met a lock that the target had not told of.</summary>
    public int Locked { get; set; }

    public int Orphans { get; set; }

    public long Bytes { get; set; }

    /// <summary>Uploads that nobody finished.</summary>
    public int Uploads { get; set; }

    /// <summary>Copies of objects of the log.</summary>
    public int LogDeleted { get; set; }

    /// <summary>Copies of objects of the log that a lock still holds.</summary>
    public int LogLocked { get; set; }

    public int EpochsDeleted { get; set; }

    public ConcurrentQueue<string> Problems { get; } = new();

    public void AddTombstoned(int copies) => Interlocked.Add(ref _tombstoned, copies);

    public void AddCancelled(int copies) => Interlocked.Add(ref _cancelled, copies);
}
