namespace BackupFunctions.EmbeddedHost.DurableTask;

/// <summary>Whether a failed call is made again.</summary>
public delegate bool RetryHandler(RetryContext retryContext);
