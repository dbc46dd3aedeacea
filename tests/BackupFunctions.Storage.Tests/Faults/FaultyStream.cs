namespace BackupFunctions.Storage.Tests.Faults;

internal sealed class FaultyStream(FaultyTarget target, Stream inner, long position) : Stream
{
    private long _position = position;
    private bool _disposed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await (target.BeforeRead?.Invoke(_position) ?? Task.CompletedTask);
        var allowed = target.ReadLimit - _position;
        if (allowed <= 0)
        {
            await (target.HangAtReadLimit ?? Task.CompletedTask);
            buffer.Span.Fill(0xEE);
            return target.AtLimit is { } e ? throw e : 0;
        }

        var read = await inner.ReadAsync(buffer[..(int)Math.Min(Math.Min(buffer.Length, target.MostPerRead), allowed)], cancellationToken);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            inner.Dispose();
            target.Closed();
        }

        base.Dispose(disposing);
    }
}
