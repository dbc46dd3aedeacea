using System.IO.Compression;
using BackupFunctions.Archive.Streams;

namespace BackupFunctions.Archive.Compression;

/// <summary>Compresses what is written into one gzip member; unlike GZipStream also when nothing is written.</summary>
/// <param name="destination">Stays open.</param>
/// <param name="level">1 to 9.</param>
internal sealed class GzipCompressionStream(Stream destination, int level) : AsyncWriteStream
{
    /// <summary>RFC 1952: header without name and time, an empty final block, CRC-32 and length of nothing.</summary>
    private static readonly byte[] EmptyMember = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly GZipStream _gzip = new(destination, Level(level), leaveOpen: true);
    private bool _written;
    private bool _ended;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _written |= !buffer.IsEmpty;
        return _gzip.WriteAsync(buffer, cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_ended)
        {
            _ended = true;
            await _gzip.DisposeAsync();
            if (!_written)
            {
                await destination.WriteAsync(EmptyMember);
            }
        }

        await base.DisposeAsync();
    }

    private static CompressionLevel Level(int level) => level switch
    {
        <= 3 => CompressionLevel.Fastest,
        <= 8 => CompressionLevel.Optimal,
        _ => CompressionLevel.SmallestSize,
    };
}
