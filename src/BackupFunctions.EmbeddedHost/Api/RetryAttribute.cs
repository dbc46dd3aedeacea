namespace BackupFunctions.EmbeddedHost;

/// <summary>How often a failed invocation of a timer function is repeated at once; -1 means without end.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute : Attribute
{
    public int MaxRetryCount { get; set; }
}
