using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>
/// Events nobody waits for yet, oldest first, and waits without an event yet, newest first; names without regard to case.
/// </summary>
internal sealed class ExternalEvents(DataConverter converter)
{
    private readonly Dictionary<string, Stack<IEventWaiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<EventRaisedEvent> _buffer = [];

    public bool HasWaiters => _waiters.Values.Any(stack => stack.Any(waiter => !waiter.IsOver));

    /// <summary>Names of the events that are waited for, in no order.</summary>
    public IEnumerable<string> Awaited => _waiters.Where(stack => stack.Value.Any(waiter => !waiter.IsOver)).Select(stack => stack.Key);

    /// <summary>Events of all names in order of arrival.</summary>
    public IReadOnlyList<EventRaisedEvent> Buffered => _buffer;

    /// <exception cref="ArgumentException">Another wait for this name expects another type.</exception>
    public Task<T> WaitAsync<T>(string name, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellation);
        }

        if (TryPeek(name, out var other) && other.EventType != typeof(T))
        {
            throw new ArgumentException(
                $"Events with the same name must have the same type argument. Expected {other.EventType} but was requested {typeof(T)}.");
        }

        var waiter = new EventWaiter<T>(converter);
        var arrived = _buffer.FindIndex(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase));
        if (arrived >= 0)
        {
            var payload = _buffer[arrived].Input;
            _buffer.RemoveAt(arrived);
            waiter.Complete(payload);
            return waiter.Task;
        }

        Stack(name).Push(waiter);
        cancellation.Register(() => waiter.Cancel(cancellation));
        return waiter.Task;
    }

    public void Raise(EventRaisedEvent raised)
    {
        if (TryPeek(raised.Name, out var waiter))
        {
            Stack(raised.Name).Pop();
            waiter.Complete(raised.Input);
        }
        else
        {
            _buffer.Add(raised);
        }
    }

    /// <summary>For events that this execution will not look at any more.</summary>
    public void Buffer(EventRaisedEvent raised) => _buffer.Add(raised);

    private bool TryPeek(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IEventWaiter? waiter)
    {
        var stack = Stack(name);
        while (stack.TryPeek(out waiter) && waiter.IsOver)
        {
            // A canceled wait must not swallow an event.
            stack.Pop();
        }

        return waiter is not null;
    }

    private Stack<IEventWaiter> Stack(string name)
    {
        if (!_waiters.TryGetValue(name, out var stack))
        {
            _waiters.Add(name, stack = new Stack<IEventWaiter>());
        }

        return stack;
    }
}
