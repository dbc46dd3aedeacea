namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>Keeps the last bytes of what is read through it.</summary>
internal sealed class TailStream(Stream inner, int size) : Stream
{
    private readonly byte[] _tail = new byte[size];
    private int _kept;

    public ReadOnlySpan<byte> Tail => _tail.AsSpan(0, _kept);

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
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Keep(ReadOnlySpan<byte> piece)
    {
        if (piece.Length > size)
        {
            piece = piece[^size..];
        }

        var left = Math.Min(_kept, size - piece.Length);
        _tail.AsSpan(_kept - left, left).CopyTo(_tail);
        piece.CopyTo(_tail.AsSpan(left));
        _kept = left + piece.Length;
    }
}
