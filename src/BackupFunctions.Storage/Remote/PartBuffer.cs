using System.Buffers;

namespace BackupFunctions.Storage.Remote;

/// <summary>Collects the bytes of one part in a pooled array that grows in two steps: most objects are much smaller than a part.</summary>
internal sealed class PartBuffer(ArrayPool<byte> pool, int partSize) : IDisposable
{
    private const int FirstSize = 64 * 1024;
    private const int SecondSize = 1024 * 1024;

    private byte[] _bytes = pool.Rent(FirstSize);

    public byte[] Bytes => _bytes;

    public int Count { get; private set; }

    public bool IsFull => Count == partSize;

    /// <summary>Takes what fits and returns how much that was.</summary>
    public int Add(ReadOnlySpan<byte> data)
    {
        var taken = Math.Min(data.Length, partSize - Count);
        if (Count + taken > _bytes.Length)
        {
            Grow(Count + taken);
        }

        data[..taken].CopyTo(_bytes.AsSpan(Count));
        Count += taken;
        return taken;
    }

    public void Dispose()
    {
        pool.Return(_bytes);
        _bytes = [];
    }

    private void Grow(int needed)
    {
        var larger = pool.Rent(needed <= SecondSize ? SecondSize : partSize);
        _bytes.AsSpan(0, Count).CopyTo(larger);
        pool.Return(_bytes);
        _bytes = larger;
    }
}
