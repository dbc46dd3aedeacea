namespace BackupFunctions.EmbeddedHost;

/// <summary>Repeats a failed invocation after the same pause each time.</summary>
public sealed class FixedDelayRetryAttribute : RetryAttribute
{
    /// <param name="maxRetryCount">Repetitions after the first attempt; -1 means without end.</param>
    /// <param name="delayInterval">A TimeSpan such as 00:00:10.</param>
    public FixedDelayRetryAttribute(int maxRetryCount, string delayInterval)
    {
        MaxRetryCount = maxRetryCount;
        DelayInterval = delayInterval;
    }

    public string DelayInterval { get; }
}
