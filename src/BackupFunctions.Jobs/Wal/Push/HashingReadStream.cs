using System.Security.Cryptography;
using BackupFunctions.Archive.Streams;

namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>Hashes what is read through it, and owns what it reads.</summary>
internal sealed class HashingReadStream(Stream inner) : AsyncReadStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Of all that was read, hex; once.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..read]);
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
