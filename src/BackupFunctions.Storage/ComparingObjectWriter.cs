using System.Buffers;
using BackupFunctions.Contracts;

namespace BackupFunctions.Storage;

/// <summary>Stands in for a writer when the object is there already: the same bytes are a success (a run that repeats), others are refused.</summary>
internal sealed class ComparingObjectWriter(IStorageTarget target, StoredObject existing, Stream content) : IObjectWriter
{
    private const int BlockSize = 256 * 1024;

    private readonly byte[] _block = ArrayPool<byte>.Shared.Rent(BlockSize);

    /// <summary>Written so far, and the same as what is there.</summary>
    public long ComparedBytes { get; private set; }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (!data.IsEmpty)
        {
            var block = _block.AsMemory(0, Math.Min(data.Length, BlockSize));
            var read = await content.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken);
            if (!block.Span[..read].SequenceEqual(data.Span[..block.Length]))
            {
                throw Rewritten();
            }

            ComparedBytes += read;
            data = data[read..];
        }
    }

    public Task CompleteAsync(CancellationToken cancellationToken) =>
        ComparedBytes == existing.Size ? Task.CompletedTask : throw Rewritten();

    public ValueTask DisposeAsync()
    {
        ArrayPool<byte>.Shared.Return(_block);
        return content.DisposeAsync();
    }

    private StorageException Rewritten() => new(
        ErrorCodes.ObjectDamaged, target.Name,
        $"Target {target.Name} already holds {existing.Key} with other content; objects are never rewritten, so one of the two is damaged or foreign.");
}
