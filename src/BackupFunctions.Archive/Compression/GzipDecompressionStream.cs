using System.IO.Compression;
using BackupFunctions.Archive.Streams;

namespace BackupFunctions.Archive.Compression;

/// <summary>
/// Decompresses exactly one gzip member. GZipStream takes every truncated stream for a short one and ignores what follows the member,
/// so the length that ends a member (RFC 1952, ISIZE) is compared here.
/// </summary>
internal sealed class GzipDecompressionStream : AsyncReadStream
{
    /// <summary>Bytes: header 10, an empty block 2, trailer 8.</summary>
    private const int SmallestMember = 20;

    private readonly TailTrackingStream _source;
    private readonly GZipStream _gzip;
    private uint _size;

    public GzipDecompressionStream(Stream source)
    {
        _source = new TailTrackingStream(source);
        _gzip = new GZipStream(_source, CompressionMode.Decompress);
    }

    /// <exception cref="InvalidDataException">Not one whole gzip member.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await _gzip.ReadAsync(buffer, cancellationToken);
        _size = unchecked(_size + (uint)count);
        if (count == 0 && !buffer.IsEmpty)
        {
            var rest = await _source.ReadAsync(new byte[1], cancellationToken);
            if (rest != 0 || _source.Count < SmallestMember || _source.LastUInt32 != _size)
            {
                throw new InvalidDataException("gzip: the data end early, or bytes follow them");
            }
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
        }

        base.Dispose(disposing);
    }
}
