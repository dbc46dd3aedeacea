namespace BackupFunctions.Archive.Tests.Support;

internal sealed class FailingStream(byte[] bytes, int failAt) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Position < failAt
            ? base.ReadAsync(buffer[..Math.Min(buffer.Length, failAt - (int)Position)], cancellationToken)
            : ValueTask.FromException<int>(new IOException("connection lost"));
}
