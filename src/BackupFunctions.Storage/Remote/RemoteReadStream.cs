namespace BackupFunctions.Storage.Remote;

/// <summary>The body of an answer, where silence and broken connections become <see cref="StorageException"/>.</summary>
internal sealed class RemoteReadStream(Stream body, IDisposable answer, RemoteConnection connection, string key) : Stream
{
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
        using var clock = new StallClock(connection.StallTimeout, cancellationToken);
        try
        {
            return await body.ReadAsync(buffer, clock.Token);
        }
        catch (Exception e) when (clock.Stalled)
        {
            throw connection.Errors.Stalled($"reading {key}", connection.StallTimeout, e);
        }
        catch (Exception e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw connection.Errors.Translate($"reading {key}", e);
        }
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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            answer.Dispose();
        }

        base.Dispose(disposing);
    }
}
