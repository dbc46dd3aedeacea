namespace BackupFunctions.Storage.S3;

/// <summary>The bytes of one part on their way out; every portion taken shows that the connection moves.</summary>
internal sealed class UploadBody(byte[] buffer, int count, StallClock clock) : MemoryStream(buffer, 0, count, writable: false)
{
    public override int Read(byte[] buffer, int offset, int count)
    {
        clock.Moved();
        return base.Read(buffer, offset, count);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        clock.Moved();
        return base.ReadAsync(buffer, offset, count, cancellationToken);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        clock.Moved();
        return base.ReadAsync(buffer, cancellationToken);
    }

    public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
        PortionsToAsync(destination, bufferSize, cancellationToken);

    /// <summary>In portions, where the base class would hand over everything at once.</summary>
    private async Task PortionsToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        var portion = new byte[bufferSize];
        while (await ReadAsync(portion, cancellationToken) is var read and > 0)
        {
            await destination.WriteAsync(portion.AsMemory(0, read), cancellationToken);
        }
    }
}
