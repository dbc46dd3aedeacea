namespace BackupFunctions.Storage.FanOut;

/// <summary>
/// One object on its way to all targets: whole or absent at each. One writer at a time. Disposing without completing leaves nothing.
/// </summary>
public sealed class FanOutObject : IAsyncDisposable
{
    private readonly FanOutSession _session;
    private readonly List<TargetLane> _lanes;
    private SharedChunk? _filling;
    private bool _interrupted;

    internal FanOutObject(FanOutSession session, string key, IEnumerable<TargetLane> lanes) =>
        (_session, Key, _lanes) = (session, key, [.. lanes]);

    public string Key { get; }

    /// <summary>The buffer may be reused when the call returns. Waits for a slow target once its queue is full, up to a limit.</summary>
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

        await _session.WaitAsync([.. _lanes.Select(lane => new TargetWork(lane.Target, WaitAsync(lane, cancellationToken)))], cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        DropTheDead();
        _session.EnsureEnough();
    }

    public async ValueTask DisposeAsync()
    {
        _filling?.Dispose();
        _filling = null;
        await Task.WhenAll(_lanes.Select(lane => lane.DisposeAsync().AsTask()));
        _lanes.Clear();
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        using var chunk = _filling!;
        _filling = null;
        _interrupted = true;
        DropTheDead();
        await _session.WaitAsync([.. _lanes.Select(lane => new TargetWork(lane.Target, SendAsync(lane, chunk, cancellationToken)))], cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        DropTheDead();
        _session.EnsureEnough();
        _interrupted = false;
    }

    private async Task SendAsync(TargetLane lane, SharedChunk chunk, CancellationToken cancellationToken)
    {
        try
        {
            if (!await lane.SendAsync(chunk, _session.StallTimeout, cancellationToken))
            {
                await WaitAsync(lane, cancellationToken);
            }
        }
        catch (TimeoutException e)
        {
            _session.Fail(lane.Target, e);
        }
    }

    /// <summary>Uploads of targets that are out are ended beside the backup, which goes on.</summary>
    private void DropTheDead()
    {
        foreach (var lane in _lanes.Where(lane => !_session.IsAlive(lane.Target.Name)).ToList())
        {
            _lanes.Remove(lane);
            _session.LetGo(lane.DisposeAsync().AsTask());
        }
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
