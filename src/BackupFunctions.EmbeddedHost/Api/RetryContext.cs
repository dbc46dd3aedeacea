namespace BackupFunctions.EmbeddedHost;

/// <summary>Which repetition of a function with a retry attribute this is.</summary>
public abstract class RetryContext
{
    /// <summary>0 on the first run.</summary>
    public abstract int RetryCount { get; }

    /// <summary>As the attribute says: -1 is without end; 0 without an attribute.</summary>
    public abstract int MaxRetryCount { get; }
}
