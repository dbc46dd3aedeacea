namespace BackupFunctions.Archive.Tests.Support;

/// <summary>Gives few bytes a read, and never at once, as a network does.</summary>
internal sealed class TricklingStream(byte[] bytes, int most = 1) : MemoryStream(bytes)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return await base.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
    }
}
