using System.Buffers;

namespace BackupFunctions.Storage.S3;

/// <summary>Collects the bytes of one part in a pooled array that grows as needed: most objects are much smaller than a part.</summary>
internal sealed class S3PartBuffer(int partSize) : IDisposable
{
    private const int FirstSize = 64 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Min(FirstSize, partSize));

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
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(partSize, Math.Max(needed, 2 * _bytes.Length)));
        _bytes.AsSpan(0, Count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
