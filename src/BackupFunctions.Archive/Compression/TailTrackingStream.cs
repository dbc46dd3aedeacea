using System.Buffers.Binary;
using BackupFunctions.Archive.Streams;

namespace BackupFunctions.Archive.Compression;

/// <summary>Counts what was read and remembers the last four bytes of it.</summary>
internal sealed class TailTrackingStream(Stream source) : AsyncReadStream
{
    private readonly byte[] _tail = new byte[sizeof(uint)];

    /// <summary>Bytes read.</summary>
    public long Count { get; private set; }

    /// <summary>Little endian.</summary>
    public uint LastUInt32 => BinaryPrimitives.ReadUInt32LittleEndian(_tail);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await source.ReadAsync(buffer, cancellationToken);
        var fresh = Math.Min(count, _tail.Length);
        _tail.AsSpan(fresh).CopyTo(_tail);
        buffer.Span.Slice(count - fresh, fresh).CopyTo(_tail.AsSpan(_tail.Length - fresh));
        Count += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
