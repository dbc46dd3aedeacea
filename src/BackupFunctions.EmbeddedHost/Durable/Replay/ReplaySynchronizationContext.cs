namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>
/// Keeps an orchestrator on the thread of its turn. A continuation that arrives from any other thread, or after the turn, comes from
/// an await of something that is not durable: it is never run, only reported.
/// </summary>
internal sealed class ReplaySynchronizationContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Lock _lock = new();
    private Action? _whenLeft;
    private bool _left;
    private volatile bool _closed;

    /// <summary>Whether the orchestrator's code is where it may be.</summary>
    public bool IsOwnThread => !_closed && Environment.CurrentManagedThreadId == _thread;

    /// <summary>Whether the orchestrator left its thread.</summary>
    public bool WasLeft
    {
        get
        {
            lock (_lock)
            {
                return _left;
            }
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsOwnThread)
        {
            _posted.Enqueue((d, state));
        }
        else
        {
            ReportLeft();
        }
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (IsOwnThread)
        {
            d(state);
        }
        else
        {
            ReportLeft();
        }
    }

    public void ReportLeft()
    {
        Action? report;
        lock (_lock)
        {
            report = _left ? null : _whenLeft;
            _left = true;
        }

        report?.Invoke();
    }

    /// <summary>Runs one step of the orchestrator and everything that follows from it.</summary>
    public void Run(Action step)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            step();
            while (_posted.TryDequeue(out var next))
            {
                next.Callback(next.State);
            }
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>Ends the turn.</summary>
    /// <param name="whenLeft">Called at most once, when the orchestrator turns out to wait for something that is not durable.</param>
    public void Close(Action whenLeft)
    {
        bool left;
        lock (_lock)
        {
            _closed = true;
            _whenLeft = whenLeft;
            left = _left;
        }

        if (left)
        {
            whenLeft();
        }
    }
}
