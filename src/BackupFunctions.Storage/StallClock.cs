namespace BackupFunctions.Storage;

/// <summary>Cancels when nothing has moved for a while, however long the whole takes.</summary>
internal sealed class StallClock : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _caller;
    private readonly TimeSpan _limit;

    public StallClock(TimeSpan limit, CancellationToken caller)
    {
        (_limit, _caller) = (limit, caller);
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        Moved();
    }

    public CancellationToken Token => _source.Token;

    /// <summary>The time ran out, and the caller did not cancel.</summary>
    public bool Stalled => _source.IsCancellationRequested && !_caller.IsCancellationRequested;

    public void Moved() => _source.CancelAfter(_limit);

    public void Dispose() => _source.Dispose();
}
