using System.Buffers;
using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.Failover;

/// <summary>
/// One target's bytes of an object from an offset on, opened at the first read. Reads into a block of its own: one that hangs and is given
/// up may still write where it was told to. One read at a time.
/// </summary>
internal sealed class SourceReader(IStorageTarget target, string key, long size, long offset, TimeSpan stallTimeout) : IDisposable
{
    public const int BlockSize = 256 * 1024;

    private readonly byte[] _block = ArrayPool<byte>.Shared.Rent(BlockSize);
    private readonly CancellationTokenSource _abandoned = new();
    private Stream? _source;
    private Task _operation = Task.CompletedTask;

    public IStorageTarget Target => target;

    /// <summary>Bytes that were taken from it.</summary>
    public long Served { get; set; }

    public ReadOnlySpan<byte> Block => _block;

    /// <summary>Fills the beginning of <see cref="Block"/>.</summary>
    /// <param name="wanted">Bytes at most, up to <see cref="BlockSize"/>; 0 only opens.</param>
    /// <returns>Bytes read; 0 only when 0 were wanted.</returns>
    /// <exception cref="StorageException">It ended before (object.damaged), or was silent for too long (target.unreachable).</exception>
    public async Task<int> ReadAsync(int wanted)
    {
        using var clock = new StallClock(stallTimeout, _abandoned.Token);
        var operation = OperateAsync(wanted, clock);
        _operation = operation;
        try
        {
            var read = await operation.WaitAsync(clock.Token);
            return read > 0 || wanted == 0 ? read : throw Short();
        }
        catch (OperationCanceledException) when (clock.Stalled)
        {
            throw new StorageException(
                ErrorCodes.TargetUnreachable, target.Name, $"Target {target.Name} sent not a byte of {key} for {stallTimeout.TotalSeconds:0.#} s.");
        }
    }

    /// <summary>Ends what is under way and lets go of everything, at once or whenever a target that is deaf to it answers after all.</summary>
    public void Dispose()
    {
        _abandoned.Cancel();
        _ = _operation.ContinueWith(
            ended =>
            {
                _ = ended.Exception;
                _source?.Dispose();
                ArrayPool<byte>.Shared.Return(_block);
                _abandoned.Dispose();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task<int> OperateAsync(int wanted, StallClock clock)
    {
        if (_source is null)
        {
            // Off the reader's thread: a folder of a file server that is away blocks in the call itself.
            var token = clock.Token;
            _source = await Task.Run(() => target.OpenReadAsync(key, offset, token), CancellationToken.None);
            clock.Moved();
        }

        return wanted == 0 ? 0 : await _source.ReadAsync(_block.AsMemory(0, wanted), clock.Token);
    }

    private StorageException Short() => new(
        ErrorCodes.ObjectDamaged, target.Name, $"Target {target.Name} ended {key} at byte {offset + Served} of {size}.");
}
