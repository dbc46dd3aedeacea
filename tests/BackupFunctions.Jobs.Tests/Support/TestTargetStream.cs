using BackupFunctions.Archive.Streams;
using BackupFunctions.Contracts;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Tests.Support;

internal sealed class TestTargetStream(TestTarget target, string key, Stream inner, long position) : AsyncReadStream
{
    private long _position = position;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var allowed = target.ReadLimit(key) - _position;
        if (allowed <= 0)
        {
            throw new StorageException(ErrorCodes.TargetUnreachable, target.Name, $"Target {target.Name} broke off.");
        }

        var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, allowed)], cancellationToken);
        _position += read;
        target.BytesRead.AddOrUpdate(key, read, (_, sum) => sum + read);
        target.AfterRead(key);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}
