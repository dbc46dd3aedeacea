using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using BackupFunctions.Archive.Streams;

namespace BackupFunctions.Archive.Encryption;

/// <summary>
/// Seals what is written segment by segment and hands every segment to a sink, while the next one is being filled: two segments of
/// memory, one call of the sink at a time.
/// </summary>
internal sealed class SegmentEncryptionStream : AsyncWriteStream
{
    private readonly StreamingParameters _parameters;
    private readonly SegmentCipher _cipher;
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> _sink;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly CancellationTokenSource _abandoned = new();
    private byte[] _segment;
    private byte[] _sending;
    private Task _sent = Task.CompletedTask;
    private long _index;
    private int _filled;
    private bool _closed;

    /// <param name="header">Null: a random one, which it has to be outside of tests.</param>
    public SegmentEncryptionStream(
        StreamingParameters parameters,
        DataKey key,
        string aad,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink,
        byte[]? header = null)
    {
        _parameters = parameters;
        _sink = sink;
        header ??= CreateHeader(parameters);
        _cipher = new SegmentCipher(parameters, key.Bytes, header, Encoding.UTF8.GetBytes(aad));
        _segment = ArrayPool<byte>.Shared.Rent(parameters.SegmentSize);
        _sending = ArrayPool<byte>.Shared.Rent(parameters.SegmentSize);
        header.CopyTo(_segment, 0);
        _filled = header.Length;
    }

    /// <summary>Bytes of ciphertext so far.</summary>
    public long Size { get; private set; }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // After Abandon the compressor still writes its end, which nobody wants.
        while (!buffer.IsEmpty && !_closed)
        {
            if (_filled == _parameters.SegmentPlainSize)
            {
                SealFilled(last: false);
                await SendAsync(cancellationToken);
            }

            // More bytes than a segment: seal straight from the caller's memory, since another segment follows for sure.
            if (_filled == 0 && buffer.Length > _parameters.SegmentPlainSize)
            {
                var plain = buffer[.._parameters.SegmentPlainSize];
                _cipher.Seal(_index, last: false, plain.Span, _segment.AsSpan(0, _parameters.SegmentSize));
                _filled = _parameters.SegmentSize;
                buffer = buffer[plain.Length..];
                await SendAsync(cancellationToken);
                continue;
            }

            var count = Math.Min(buffer.Length, _parameters.SegmentPlainSize - _filled);
            buffer.Span[..count].CopyTo(_segment.AsSpan(_filled));
            _filled += count;
            buffer = buffer[count..];
        }
    }

    /// <summary>Seals the last segment and waits until the sink has taken everything.</summary>
    /// <returns>SHA-256 of the ciphertext.</returns>
    public async Task<byte[]> CompleteAsync(CancellationToken cancellationToken)
    {
        SealFilled(last: true);
        await SendAsync(cancellationToken);
        await _sent.WaitAsync(cancellationToken);
        _closed = true;
        return _hash.GetHashAndReset();
    }

    /// <summary>Cancels the call of the sink under way and every later one.</summary>
    public void CancelSink() => _abandoned.Cancel();

    /// <summary>The same, and from now on writes go nowhere.</summary>
    public void Abandon()
    {
        if (_segment.Length > 0)
        {
            _closed = true;
            _abandoned.Cancel();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_segment.Length > 0)
        {
            Abandon();
            await _sent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(_segment);
            ArrayPool<byte>.Shared.Return(_sending);
            _segment = _sending = [];
            _cipher.Dispose();
            _hash.Dispose();
            _abandoned.Dispose();
        }

        await base.DisposeAsync();
    }

    private static byte[] CreateHeader(StreamingParameters parameters)
    {
        var header = new byte[parameters.HeaderSize];
        SegmentCipher.FillHeader(parameters, header);
        return header;
    }

    private void SealFilled(bool last)
    {
        var offset = _parameters.PayloadOffset(_index);
        var plain = _segment.AsSpan(offset, _filled - offset);
        _cipher.Seal(_index, last, plain, _segment.AsSpan(offset, plain.Length + StreamingParameters.TagSize));
        _filled += StreamingParameters.TagSize;
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        _hash.AppendData(_segment, 0, _filled);
        await _sent.WaitAsync(cancellationToken);
        (_segment, _sending) = (_sending, _segment);
        // The call outlives this one, so it has a token of its own.
        _sent = _sink(_sending.AsMemory(0, _filled), _abandoned.Token).AsTask();
        Size += _filled;
        _index++;
        _filled = 0;
    }
}
