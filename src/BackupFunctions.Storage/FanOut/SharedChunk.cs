using System.Buffers;

namespace BackupFunctions.Storage.FanOut;

/// <summary>Bytes on their way to several targets; the pooled array goes back when the last one has let go.</summary>
internal sealed class SharedChunk : IDisposable
{
    public const int Size = 1024 * 1024;

    private readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(Size);
    private int _holders = 1;

    public int Count { get; private set; }

    public bool IsFull => Count == Size;

    public ReadOnlyMemory<byte> Content => _bytes.AsMemory(0, Count);

    /// <summary>Takes what fits and returns how much that was.</summary>
    public int Add(ReadOnlySpan<byte> data)
    {
        var taken = Math.Min(data.Length, Size - Count);
        data[..taken].CopyTo(_bytes.AsSpan(Count));
        Count += taken;
        return taken;
    }

    public SharedChunk Share()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    /// <summary>Lets go; called once by every holder.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
