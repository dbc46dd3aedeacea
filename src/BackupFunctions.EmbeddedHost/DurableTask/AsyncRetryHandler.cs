namespace BackupFunctions.EmbeddedHost.DurableTask;

/// <summary>Whether a failed call is made again; may await durable timers of the orchestration to wait before that.</summary>
public delegate Task<bool> AsyncRetryHandler(RetryContext retryContext);
