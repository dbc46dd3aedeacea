using System.Security.Cryptography;
using System.Text;

namespace BackupFunctions.Archive.Encryption;

/// <summary>
/// Reads any range of an object's plaintext (still compressed) without what stands before it. Opening authenticates the last
/// segment, so <see cref="Length"/> can be trusted. Keeps one segment; not thread-safe, but many may be open on one object.
/// </summary>
public sealed class RandomAccessDecryptor : IDisposable
{
    private readonly StreamingParameters _parameters;
    private readonly Func<long, Memory<byte>, CancellationToken, ValueTask> _readAt;
    private readonly SegmentCipher _cipher;
    private readonly long _size;
    private readonly string _aad;
    private readonly byte[] _segment;
    private long _opened = -1;
    private ReadOnlyMemory<byte> _plain;

    private RandomAccessDecryptor(
        StreamingParameters parameters,
        Func<long, Memory<byte>, CancellationToken, ValueTask> readAt,
        SegmentCipher cipher,
        long size,
        string aad)
    {
        _parameters = parameters;
        _readAt = readAt;
        _cipher = cipher;
        _size = size;
        _aad = aad;
        _segment = new byte[parameters.SegmentSize];
        Length = size - parameters.HeaderSize - (SegmentCount * StreamingParameters.TagSize);
    }

    /// <summary>Bytes of plaintext.</summary>
    public long Length { get; }

    private long SegmentCount => ((_size - 1) / _parameters.SegmentSize) + 1;

    /// <param name="readAt">Fills the memory with the ciphertext at a byte offset, or throws.</param>
    /// <param name="ciphertextSize">Bytes.</param>
    /// <param name="key">Needed during this call only.</param>
    /// <param name="aad">What the writer was given.</param>
    /// <exception cref="ArchiveException">object.damaged: header or last segment are not authentic.</exception>
    public static Task<RandomAccessDecryptor> OpenAsync(
        Func<long, Memory<byte>, CancellationToken, ValueTask> readAt,
        long ciphertextSize,
        DataKey key,
        string aad,
        CancellationToken cancellationToken) =>
        OpenAsync(StreamingParameters.Aes256GcmHkdf1Mb, readAt, ciphertextSize, key, aad, cancellationToken);

    /// <param name="offset">From the start of the plaintext.</param>
    /// <returns>Bytes read: less than asked for at the end only.</returns>
    /// <exception cref="ArchiveException">object.damaged: a segment is not authentic; none of its bytes came out.</exception>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var total = 0;
        while (!buffer.IsEmpty && offset < Length)
        {
            var position = offset + _parameters.HeaderSize;
            var segment = position / _parameters.SegmentPlainSize;
            await OpenSegmentAsync(segment, cancellationToken);
            var start = (int)(position % _parameters.SegmentPlainSize) - _parameters.PayloadOffset(segment);
            var count = Math.Min(buffer.Length, _plain.Length - start);
            _plain.Slice(start, count).CopyTo(buffer);
            buffer = buffer[count..];
            offset += count;
            total += count;
        }

        return total;
    }

    public void Dispose() => _cipher.Dispose();

    internal static async Task<RandomAccessDecryptor> OpenAsync(
        StreamingParameters parameters,
        Func<long, Memory<byte>, CancellationToken, ValueTask> readAt,
        long size,
        DataKey key,
        string aad,
        CancellationToken cancellationToken)
    {
        if (size < parameters.HeaderSize + StreamingParameters.TagSize)
        {
            throw Damaged(aad, "it is too short");
        }

        var header = new byte[parameters.HeaderSize];
        await readAt(0, header, cancellationToken);
        var cipher = OpenHeader(parameters, key, header, aad);
        var decryptor = new RandomAccessDecryptor(parameters, readAt, cipher, size, aad);
        try
        {
            await decryptor.OpenSegmentAsync(decryptor.SegmentCount - 1, cancellationToken);
            return decryptor;
        }
        catch
        {
            decryptor.Dispose();
            throw;
        }
    }

    private static SegmentCipher OpenHeader(StreamingParameters parameters, DataKey key, byte[] header, string aad)
    {
        try
        {
            return new SegmentCipher(parameters, key.Bytes, header, Encoding.UTF8.GetBytes(aad));
        }
        catch (InvalidDataException invalid)
        {
            throw Damaged(aad, invalid.Message, invalid);
        }
    }

    private static ArchiveException Damaged(string aad, string cause, Exception? innerException = null) =>
        ArchiveException.DamagedObject(aad, cause, innerException);

    private async ValueTask OpenSegmentAsync(long segment, CancellationToken cancellationToken)
    {
        if (segment == _opened)
        {
            return;
        }

        _opened = -1;
        var start = (segment * _parameters.SegmentSize) + _parameters.PayloadOffset(segment);
        var end = Math.Min(_size, (segment + 1) * _parameters.SegmentSize);
        var plainSize = (int)(end - start) - StreamingParameters.TagSize;
        if (plainSize < 0)
        {
            throw Damaged(_aad, $"it ends inside of segment {segment}");
        }

        var sealedSegment = _segment.AsMemory(0, (int)(end - start));
        await _readAt(start, sealedSegment, cancellationToken);
        try
        {
            _cipher.Open(segment, last: segment == SegmentCount - 1, sealedSegment.Span, sealedSegment.Span[..plainSize]);
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw Damaged(_aad, $"segment {segment} does not match its tag", mismatch);
        }

        _plain = sealedSegment[..plainSize];
        _opened = segment;
    }
}
