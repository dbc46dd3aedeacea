namespace BackupFunctions.Storage.FanOut;

/// <summary>
/// One object on its way to all targets: whole or absent at each. One writer at a time. Disposing without completing leaves nothing.
/// </summary>
public sealed class FanOutObject : IAsyncDisposable
{
    private readonly FanOutSession _session;
    private readonly List<TargetLane> _lanes;
    private readonly List<Task> _dropped = [];
    private SharedChunk? _filling;
    private bool _interrupted;

    internal FanOutObject(FanOutSession session, string key, IEnumerable<TargetLane> lanes) =>
        (_session, Key, _lanes) = (session, key, [.. lanes]);

    public string Key { get; }

    /// <summary>The buffer may be reused when the call returns. Waits for the slowest target once its queue is full.</summary>
    /// <exception cref="StorageException">Too few targets are left (copies.missing).</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (!data.IsEmpty)
        {
            _filling ??= new SharedChunk();
            data = data[_filling.Add(data.Span)..];
            if (_filling.IsFull)
            {
                await SendAsync(cancellationToken);
            }
        }
    }

    /// <summary>Makes the object durable and visible at every target that is left.</summary>
    /// <exception cref="StorageException">Too few targets hold it (copies.missing).</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_interrupted)
        {
            throw new InvalidOperationException($"Writing {Key} was interrupted: it cannot be completed, only disposed.");
        }

        if (_filling is not null)
        {
            await SendAsync(cancellationToken);
        }

        foreach (var lane in _lanes)
        {
            lane.End();
        }

        await Task.WhenAll(_lanes.Select(lane => WaitAsync(lane, cancellationToken)));
        _session.EnsureEnough();
    }

    public async ValueTask DisposeAsync()
    {
        _filling?.Dispose();
        _filling = null;
        await Task.WhenAll([.. _dropped, .. _lanes.Select(lane => lane.DisposeAsync().AsTask())]);
        _lanes.Clear();
        _dropped.Clear();
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        using var chunk = _filling!;
        _filling = null;
        _interrupted = true;
        foreach (var lane in _lanes.ToArray())
        {
            if (!await SendAsync(lane, chunk, cancellationToken))
            {
                _lanes.Remove(lane);
                _dropped.Add(lane.DisposeAsync().AsTask());
            }
        }

        _session.EnsureEnough();
        _interrupted = false;
    }

    private async Task<bool> SendAsync(TargetLane lane, SharedChunk chunk, CancellationToken cancellationToken)
    {
        if (!_session.IsAlive(lane.Target.Name))
        {
            return false;
        }

        try
        {
            if (await lane.SendAsync(chunk, _session.StallTimeout, cancellationToken))
            {
                return true;
            }

            await WaitAsync(lane, cancellationToken);
        }
        catch (TimeoutException e)
        {
            _session.Fail(lane.Target, e);
        }

        return false;
    }

    private async Task WaitAsync(TargetLane lane, CancellationToken cancellationToken)
    {
        try
        {
            await lane.WaitAsync(_session.StallTimeout, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            _session.Fail(lane.Target, e);
        }
    }
}
