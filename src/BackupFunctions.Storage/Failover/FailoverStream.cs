using System.Buffers;
using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.Failover;

/// <summary>An object's bytes from whichever targets serve them; reads asynchronously only.</summary>
public sealed class FailoverStream : Stream
{
    private const int BlockSize = 256 * 1024;

    private readonly FailoverReader _reader;
    private readonly string _key;
    private readonly long _size;
    private readonly Queue<IStorageTarget> _candidates;
    private readonly List<FailedAttempt> _failures = [];
    private readonly List<string> _used = [];
    private IStorageTarget? _target;
    private Stream? _source;
    private byte[] _block = ArrayPool<byte>.Shared.Rent(BlockSize);
    private long _position;
    private long _openedAt;

    internal FailoverStream(FailoverReader reader, IEnumerable<IStorageTarget> targets, string key, long size)
    {
        (_reader, _key, _size) = (reader, key, size);
        _candidates = new Queue<IStorageTarget>(targets);
    }

    /// <summary>Names of the targets that bytes came from, in order.</summary>
    public IReadOnlyList<string> TargetsUsed => _used;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <exception cref="StorageException">No target can go on.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _position == _size)
        {
            return 0;
        }

        while (true)
        {
            try
            {
                var read = await ReadBlockAsync(buffer, cancellationToken);
                Served(read);
                return read;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                await FailAsync(e);
                await OpenAsync(cancellationToken);
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Opens the next target that serves the object at the present position.</summary>
    internal async Task OpenAsync(CancellationToken cancellationToken)
    {
        while (_candidates.TryDequeue(out var target))
        {
            try
            {
                _source = await OpenAsync(target, cancellationToken);
                (_target, _openedAt) = (target, _position);
                Announce(target);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Note(target, e);
            }
        }

        throw FailedAttempt.Combine(_key, _failures);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source?.Dispose();
            Return();
        }

        base.Dispose(disposing);
    }

    private async Task<Stream> OpenAsync(IStorageTarget target, CancellationToken cancellationToken)
    {
        using var clock = new StallClock(_reader.Options.StallTimeout, cancellationToken);
        var opening = target.OpenReadAsync(_key, _position, clock.Token);
        try
        {
            return await opening.WaitAsync(clock.Token);
        }
        catch (OperationCanceledException) when (clock.Stalled)
        {
            // One that answers after all must not leak.
            _ = opening.ContinueWith(
                late => late.Result.Dispose(),
                CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw Silent(target);
        }
    }

    /// <summary>Through a block of our own: a read that hangs and is given up may still write where it was told to.</summary>
    private async Task<int> ReadBlockAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(Math.Min(buffer.Length, BlockSize), _size - _position);
        var block = _block;
        using var clock = new StallClock(_reader.Options.StallTimeout, cancellationToken);
        var reading = _source!.ReadAsync(block.AsMemory(0, wanted), clock.Token).AsTask();
        try
        {
            var read = await reading.WaitAsync(clock.Token);
            block.AsMemory(0, read).CopyTo(buffer);
            return read > 0 ? read : throw Short();
        }
        catch (OperationCanceledException)
        {
            // Left to the read that may still be under way.
            _block = ArrayPool<byte>.Shared.Rent(BlockSize);
            throw clock.Stalled ? Silent(_target!) : new OperationCanceledException(cancellationToken);
        }
    }

    private void Served(int bytes)
    {
        _position += bytes;
        _reader.Read(_target!.Name, bytes);
        if (_used.Count == 0 || !string.Equals(_used[^1], _target.Name, StringComparison.Ordinal))
        {
            _used.Add(_target.Name);
        }
    }

    private async Task FailAsync(Exception exception)
    {
        Note(_target!, exception);
        if (_position > _openedAt && exception is not StorageException { Code: ErrorCodes.ObjectDamaged })
        {
            // It did serve before it broke off: worth another try when the others cannot help either.
            _candidates.Enqueue(_target!);
        }

        await _source!.DisposeAsync();
        _source = null;
    }

    private void Note(IStorageTarget target, Exception exception)
    {
        var attempt = FailedAttempt.Of(target.Name, exception);
        _failures.Add(attempt);
        if (!attempt.IsAbsent)
        {
            _reader.Failed(target.Name);
        }
    }

    private void Announce(IStorageTarget target)
    {
        if (_failures.Count > 0)
        {
            var last = _failures[^1];
            _reader.Switched(new FailoverEvent(last.Target, target.Name, _key, _position, last.Cause));
        }
    }

    private StorageException Short() => new(
        ErrorCodes.ObjectDamaged, _target!.Name, $"Target {_target.Name} ended {_key} at byte {_position} of {_size}.");

    private StorageException Silent(IStorageTarget target) => new(
        ErrorCodes.TargetUnreachable, target.Name,
        $"Target {target.Name} sent not a byte of {_key} for {_reader.Options.StallTimeout.TotalSeconds:0.#} s.");

    private void Return()
    {
        ArrayPool<byte>.Shared.Return(_block);
        _block = [];
    }
}
