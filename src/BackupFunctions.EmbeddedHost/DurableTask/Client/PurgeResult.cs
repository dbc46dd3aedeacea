namespace BackupFunctions.EmbeddedHost.DurableTask.Client;

public class PurgeResult
{
    public PurgeResult(int count)
        : this(count, null)
    {
    }

    public PurgeResult(int count, bool? isComplete)
    {
        PurgedInstanceCount = count;
        IsComplete = isComplete;
    }

    public int PurgedInstanceCount { get; }

    /// <summary>False when the time limit ended the purge early; null when that is not known.</summary>
    public bool? IsComplete { get; }
}
