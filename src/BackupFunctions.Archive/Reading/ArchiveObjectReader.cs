using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Streams;

namespace BackupFunctions.Archive.Reading;

/// <summary>
/// Reads one object back: decrypt, check, decompress. Only authenticated bytes come out, and the end (a read of 0 bytes) only after
/// the whole object was there. Read asynchronously. Memory: two segments of 1 MiB and the decompressor's window. The decompressed bytes
/// are not hashed: tags and the ciphertext's SHA-256 vouch for what was written, zstd's and gzip's own checksum for the way back.
/// </summary>
public sealed class ArchiveObjectReader : AsyncReadStream
{
    private readonly SegmentDecryptionStream _segments;
    private readonly Stream _decompressor;
    private readonly string _aad;
    private readonly long _largestPlainSize;
    private long _plainSize;
    private bool _ended;

    private ArchiveObjectReader(SegmentDecryptionStream segments, Stream decompressor, string aad, long largestPlainSize)
    {
        _segments = segments;
        _decompressor = decompressor;
        _aad = aad;
        _largestPlainSize = largestPlainSize;
    }

    /// <summary>Bytes of ciphertext; known at the end.</summary>
    public long CiphertextSize => AtEnd(_segments.Size);

    /// <summary>Hex; known at the end.</summary>
    public string CiphertextSha256 => AtEnd(Convert.ToHexStringLower(_segments.Hash ?? []));

    /// <summary>Bytes after decompression; known at the end.</summary>
    public long PlainSize => AtEnd(_plainSize);

    /// <param name="ciphertext">Read from where it stands to its end, and disposed with the reader; its own failures pass through.</param>
    /// <param name="key">Must live until the first read returns.</param>
    /// <param name="aad">What the writer was given, from the signed manifest.</param>
    /// <param name="compression">From the signed manifest.</param>
    /// <param name="largestPlainSize">More bytes than these are an error, so that a small object cannot fill a disk.</param>
    public static ArchiveObjectReader Open(
        Stream ciphertext, DataKey key, string aad, CompressionMethod compression, long largestPlainSize = long.MaxValue)
    {
        var segments = new SegmentDecryptionStream(StreamingParameters.Aes256GcmHkdf1Mb, ciphertext, key, aad);
        Stream decompressor = compression == CompressionMethod.Zstd
            ? new ZstdDecompressionStream(segments)
            : new GzipDecompressionStream(segments);
        return new ArchiveObjectReader(segments, decompressor, aad, largestPlainSize);
    }

    /// <exception cref="ArchiveException">object.damaged: flipped, missing, moved or added bytes, or another key, name or method.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _ended)
        {
            return 0;
        }

        try
        {
            var count = await _decompressor.ReadAsync(buffer, cancellationToken);
            Account(count);
            return count;
        }
        catch (InvalidDataException invalid)
        {
            throw ArchiveException.Damaged(
                $"Object {_aad} decrypts but does not decompress ({invalid.Message}): the manifest names another method, or the writer failed.",
                invalid);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        // The segments first and asynchronously: a read of theirs may be under way.
        await _segments.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decompressor.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Account(int count)
    {
        _plainSize += count;
        if (_plainSize > _largestPlainSize)
        {
            throw ArchiveException.Damaged($"Object {_aad} holds more than the {_largestPlainSize} bytes it should.");
        }

        _ended = count == 0;
    }

    private T AtEnd<T>(T value) =>
        _ended ? value : throw new InvalidOperationException("Read the object to its end first.");
}
