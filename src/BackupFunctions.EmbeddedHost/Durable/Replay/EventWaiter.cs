using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>One wait for an external event.</summary>
internal sealed class EventWaiter<T>(DataConverter converter) : IEventWaiter
{
    private readonly TaskCompletionSource<T> _source = new();

    public Type EventType => typeof(T);

    public bool IsOver => _source.Task.IsCompleted;

    public Task<T> Task => _source.Task;

    public void Cancel(CancellationToken token) => _source.TrySetCanceled(token);

    public void Complete(string? payload)
    {
        T? value;
        try
        {
            value = converter.Deserialize<T>(payload);
        }
        catch (Exception unreadable)
        {
            // The orchestrator can catch it; the engine could only fail the whole instance.
            _source.SetException(unreadable);
            return;
        }

        _source.SetResult(value!);
    }
}
