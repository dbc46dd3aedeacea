namespace BackupFunctions.Archive.Tests.Support;

/// <summary>Gives one byte a read, as a bad network may.</summary>
internal sealed class TricklingStream(byte[] bytes) : MemoryStream(bytes)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return await base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }
}
