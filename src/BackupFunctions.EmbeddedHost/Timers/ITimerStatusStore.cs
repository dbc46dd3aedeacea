namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>The schedule monitor: what was last run and what comes next, across restarts.</summary>
internal interface ITimerStatusStore
{
    /// <returns>Null when nothing has been written for this function.</returns>
    Task<TimerStatus?> ReadAsync(string function, CancellationToken cancellationToken);

    Task WriteAsync(string function, TimerStatus status, CancellationToken cancellationToken);
}
