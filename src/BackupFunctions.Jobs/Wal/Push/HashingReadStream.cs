using System.Globalization;
using BackupFunctions.Archive.Streams;
using BackupFunctions.Postgres.Native;

namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>Hashes what is read through it, and owns what it reads. XXH3-128: an eighth of the time of SHA-256, which would be a third of what a segment costs.</summary>
internal sealed class HashingReadStream(Stream inner) : AsyncReadStream
{
    private readonly XxHash3State _hash = new();

    /// <summary>Of all that was read so far, 32 hex digits.</summary>
    public string Hash => _hash.Digest().ToString("x32", CultureInfo.InvariantCulture);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        _hash.Append(buffer.Span[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
