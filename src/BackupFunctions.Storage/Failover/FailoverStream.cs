namespace BackupFunctions.Storage.Failover;

/// <summary>An object's bytes from whichever targets serve them; reads asynchronously only.</summary>
public sealed class FailoverStream : Stream
{
    private readonly FailoverSources _sources;

    internal FailoverStream(FailoverSources sources, long size) => (_sources, Length) = (sources, size);

    /// <summary>Names of the targets that bytes came from, in order.</summary>
    public IReadOnlyList<string> TargetsUsed => _sources.Used;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position
    {
        get => _sources.Position;
        set => throw new NotSupportedException();
    }

    /// <exception cref="StorageException">No target can go on.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        buffer.IsEmpty || Position == Length ? 0 : await _sources.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _sources.Dispose();
        }

        base.Dispose(disposing);
    }
}
