using BackupFunctions.Archive.Streams;

namespace BackupFunctions.Jobs.Wal;

/// <summary>The first bytes of a stream, which it owns; fewer are an error.</summary>
internal sealed class BoundedReadStream(Stream inner, long length) : AsyncReadStream
{
    private long _left = length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0 || buffer.IsEmpty)
        {
            return 0;
        }

        var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
        _left -= read;
        return read > 0 ? read : throw new EndOfStreamException("The spooled segment is shorter than it was: something else wrote to the work folder.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
