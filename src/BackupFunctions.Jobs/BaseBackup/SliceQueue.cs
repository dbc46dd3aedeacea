using System.Threading.Channels;
using BackupFunctions.Jobs.Backup;

namespace BackupFunctions.Jobs.BaseBackup;

/// <summary>Blocks of one slice on their way from the reader to the worker that writes its object.</summary>
internal sealed class SliceQueue(ObjectPipeline pipeline)
{
    private readonly Channel<(byte[] Block, int Count)> _blocks =
        Channel.CreateUnbounded<(byte[] Block, int Count)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    /// <summary>Reads so many bytes; on failure the slice never becomes complete.</summary>
    /// <exception cref="EndOfStreamException">The stream has fewer.</exception>
    public async Task FillAsync(Stream content, long bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (bytes > 0)
            {
                var block = await pipeline.RentAsync();
                var count = (int)Math.Min(bytes, ObjectPipeline.BlockSize);
                try
                {
                    await content.ReadExactlyAsync(block.AsMemory(0, count), cancellationToken);
                }
                catch
                {
                    pipeline.Return(block);
                    throw;
                }

                _blocks.Writer.TryWrite((block, count));
                bytes -= count;
            }

            _blocks.Writer.Complete();
        }
        catch (Exception e)
        {
            _blocks.Writer.Complete(e);
            throw;
        }
    }

    public async Task WriteToAsync(BackupObject stored, Action<long> written, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var (block, count) in _blocks.Reader.ReadAllAsync(cancellationToken))
            {
                try
                {
                    await stored.WriteAsync(block.AsMemory(0, count), cancellationToken);
                    written(count);
                }
                finally
                {
                    pipeline.Return(block);
                }
            }
        }
        finally
        {
            while (_blocks.Reader.TryRead(out var left))
            {
                pipeline.Return(left.Block);
            }
        }
    }
}
