namespace BackupFunctions.EmbeddedHost;

/// <summary>Which repetition of a failed invocation this is.</summary>
public abstract class RetryContext
{
    /// <summary>0 on the first attempt.</summary>
    public abstract int RetryCount { get; }

    public abstract int MaxRetryCount { get; }
}
