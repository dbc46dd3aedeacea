using System.Threading.Channels;

namespace BackupFunctions.Storage.FanOut;

/// <summary>One target's share of an object: a short queue and the task that empties it into the target's writer.</summary>
internal sealed class TargetLane : IAsyncDisposable
{
    /// <summary>With the chunk being written and the one being filled: 4 MiB for an object.</summary>
    private const int QueuedChunks = 2;

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(15);

    private readonly IObjectWriter _writer;
    private readonly Channel<SharedChunk> _queue = Channel.CreateBounded<SharedChunk>(
        new BoundedChannelOptions(QueuedChunks) { SingleReader = true, SingleWriter = true });

    private readonly CancellationTokenSource _stopped = new();
    private int _chunksWritten;

    public TargetLane(IStorageTarget target, IObjectWriter writer)
    {
        (Target, _writer) = (target, writer);
        Finished = Task.Run(PumpAsync);
    }

    public IStorageTarget Target { get; }

    private Task Finished { get; }

    /// <summary>Waits while the queue is full; false when the target has failed.</summary>
    /// <exception cref="TimeoutException">The target has taken nothing for that long.</exception>
    public async ValueTask<bool> SendAsync(SharedChunk chunk, TimeSpan stallTimeout, CancellationToken cancellationToken)
    {
        var shared = chunk.Share();
        if (_queue.Writer.TryWrite(shared))
        {
            return true;
        }

        using var clock = new StallClock(stallTimeout, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(shared, clock.Token);
            return true;
        }
        catch (ChannelClosedException)
        {
            shared.Dispose();
            return false;
        }
        catch (OperationCanceledException)
        {
            shared.Dispose();
            throw clock.Stalled ? Stalled(stallTimeout) : new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Waits for the object to be complete at this target, as long as something moves.</summary>
    /// <exception cref="TimeoutException">Nothing has moved for that long.</exception>
    public async Task WaitAsync(TimeSpan stallTimeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = Volatile.Read(ref _chunksWritten);
            try
            {
                await Finished.WaitAsync(stallTimeout, cancellationToken);
                return;
            }
            catch (TimeoutException) when (!Finished.IsCompleted)
            {
                if (Volatile.Read(ref _chunksWritten) == before)
                {
                    throw Stalled(stallTimeout);
                }
            }
        }
    }

    /// <summary>No more bytes: the target completes the object.</summary>
    public void End() => _queue.Writer.TryComplete();

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _queue.Writer.TryComplete();
        // A target that hangs keeps its buffers; waiting for it would hang the backup too.
        await Task.WhenAny(Finished, Task.Delay(EndPatience));
        if (Finished.IsCompleted)
        {
            _ = Finished.Exception;
            _stopped.Dispose();
        }
    }

    private static TimeoutException Stalled(TimeSpan stallTimeout) => new($"it has taken nothing for {stallTimeout.TotalSeconds:0.#} s");

    private async Task PumpAsync()
    {
        try
        {
            await foreach (var chunk in _queue.Reader.ReadAllAsync(_stopped.Token))
            {
                using (chunk)
                {
                    await _writer.WriteAsync(chunk.Content, _stopped.Token);
                    Interlocked.Increment(ref _chunksWritten);
                }
            }

            _stopped.Token.ThrowIfCancellationRequested();
            await _writer.CompleteAsync(_stopped.Token);
        }
        finally
        {
            _queue.Writer.TryComplete();
            while (_queue.Reader.TryRead(out var chunk))
            {
                chunk.Dispose();
            }

            await _writer.DisposeAsync();
        }
    }
}
