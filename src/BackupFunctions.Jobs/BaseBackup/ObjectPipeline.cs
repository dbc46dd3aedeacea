using System.Buffers;
using System.Runtime.ExceptionServices;

namespace BackupFunctions.Jobs.BaseBackup;

/// <summary>
/// Several objects compressed, encrypted and sent at once from one stream that is read in order: what is read ahead waits in blocks, and
/// the number of blocks is bounded. The first object that fails ends them all.
/// </summary>
internal sealed class ObjectPipeline : IAsyncDisposable
{
    /// <summary>Bytes.</summary>
    public const int BlockSize = 512 * 1024;

    /// <summary>
    /// 48 MiB in all, of the 256 MiB that a job may take: with slices of 64 MiB two workers are always busy, and four most of the time.
    /// </summary>
    public const int MostBlocks = (48 << 20) / BlockSize;

    private const int MostWorkers = 4;

    private readonly int _workers;
    private readonly SemaphoreSlim _free;
    private readonly SemaphoreSlim _blocks;
    private readonly CancellationTokenSource _stop;
    private ExceptionDispatchInfo? _failure;

    /// <param name="processors">Objects at once, four at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public ObjectPipeline(int processors, CancellationToken cancellationToken)
    {
        _workers = Math.Clamp(processors, 1, MostWorkers);
        _free = new SemaphoreSlim(_workers);
        _blocks = new SemaphoreSlim(MostBlocks);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Runs the work of one object beside the others; waits while too many run.</summary>
    public async Task StartAsync(Func<CancellationToken, Task> work)
    {
        await WaitAsync(_free);
        _ = Task.Run(async () =>
        {
            try
            {
                await work(_stop.Token);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
                await _stop.CancelAsync();
            }
            finally
            {
                _free.Release();
            }
        });
    }

    /// <summary>A block that goes back by <see cref="Return"/>; waits while too many are out.</summary>
    public async Task<byte[]> RentAsync()
    {
        await WaitAsync(_blocks);
        return ArrayPool<byte>.Shared.Rent(BlockSize);
    }

    public void Return(byte[] block)
    {
        ArrayPool<byte>.Shared.Return(block);
        _blocks.Release();
    }

    /// <summary>Waits for every object.</summary>
    public async Task FinishAsync()
    {
        for (var i = 0; i < _workers; i++)
        {
            await WaitAsync(_free);
        }

        _failure?.Throw();
        _free.Release(_workers);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        for (var i = 0; i < _workers; i++)
        {
            await _free.WaitAsync();
        }

        _stop.Dispose();
        _free.Dispose();
        _blocks.Dispose();
    }

    private async Task WaitAsync(SemaphoreSlim semaphore)
    {
        try
        {
            await semaphore.WaitAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            _failure?.Throw();
            throw;
        }
    }
}
