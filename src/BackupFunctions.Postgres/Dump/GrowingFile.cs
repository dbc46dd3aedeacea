namespace BackupFunctions.Postgres.Dump;

/// <summary>A file that pg_dump is writing.</summary>
internal sealed class GrowingFile(string name)
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name { get; } = name;

    /// <summary>Its writer has closed it: the length is final.</summary>
    public bool IsClosed => _closed.Task.IsCompleted;

    public void MarkClosed() => _closed.TrySetResult();

    public Task WaitForCloseAsync(TimeSpan atMost, CancellationToken cancellationToken) =>
        Task.WhenAny(_closed.Task, Task.Delay(atMost, cancellationToken));
}
