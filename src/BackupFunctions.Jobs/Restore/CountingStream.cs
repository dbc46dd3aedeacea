using BackupFunctions.Archive.Streams;

namespace BackupFunctions.Jobs.Restore;

/// <summary>Tells how many bytes pass.</summary>
internal sealed class CountingStream(Stream inner, Action<long> count) : AsyncReadStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        count(read);
        return read;
    }
}
