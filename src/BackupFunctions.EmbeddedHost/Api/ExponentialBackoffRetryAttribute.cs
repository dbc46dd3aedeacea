namespace BackupFunctions.EmbeddedHost;

/// <summary>Repeats a failed invocation after pauses that double from the minimum to the maximum.</summary>
public sealed class ExponentialBackoffRetryAttribute : RetryAttribute
{
    /// <param name="maxRetryCount">Repetitions after the first attempt; -1 means without end.</param>
    /// <param name="minimumInterval">A TimeSpan such as 00:00:04.</param>
    /// <param name="maximumInterval">A TimeSpan such as 00:15:00.</param>
    public ExponentialBackoffRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval)
    {
        MaxRetryCount = maxRetryCount;
        MinimumInterval = minimumInterval;
        MaximumInterval = maximumInterval;
    }

    public string MinimumInterval { get; }

    public string MaximumInterval { get; }
}
