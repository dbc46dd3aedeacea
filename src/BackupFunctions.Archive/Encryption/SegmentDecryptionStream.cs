using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using BackupFunctions.Archive.Streams;

namespace BackupFunctions.Archive.Encryption;

/// <summary>
/// Opens segments one after the other; gives out authenticated bytes only, and an end only after the segment that says it is the
/// last. While one segment is consumed the next one is already being read: two segments of memory.
/// </summary>
internal sealed class SegmentDecryptionStream : AsyncReadStream
{
    private readonly StreamingParameters _parameters;
    private readonly Stream _source;
    private readonly DataKey _key;
    private readonly string _aad;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly CancellationTokenSource _abandoned = new();
    private SegmentCipher? _cipher;
    private byte[] _current;
    private byte[] _next;
    private Task<int>? _filling;
    private ReadOnlyMemory<byte> _plain;
    private long _index;
    private ArchiveException? _damage;
    private bool _ended;

    /// <param name="aad">Also names the object in messages.</param>
    public SegmentDecryptionStream(StreamingParameters parameters, Stream source, DataKey key, string aad)
    {
        _parameters = parameters;
        _source = source;
        _key = key;
        _aad = aad;
        _current = ArrayPool<byte>.Shared.Rent(parameters.SegmentSize);
        _next = ArrayPool<byte>.Shared.Rent(parameters.SegmentSize);
    }

    /// <summary>Bytes of ciphertext opened so far.</summary>
    public long Size { get; private set; }

    /// <summary>SHA-256 of the ciphertext; null before its end.</summary>
    public byte[]? Hash { get; private set; }

    /// <exception cref="ArchiveException">object.damaged, and from then on always.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_damage is not null)
        {
            throw _damage;
        }

        while (_plain.IsEmpty && !_ended)
        {
            await OpenNextAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _plain.Length);
        _plain[..count].CopyTo(buffer);
        _plain = _plain[count..];
        return count;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_filling is { } filling)
        {
            // The source writes into our buffer: it has to be done with it before the buffer goes back.
            await _abandoned.CancelAsync();
            await ((Task)filling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _filling = null;
        }

        await _source.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _current.Length > 0)
        {
            _abandoned.Cancel();
            _source.Dispose();
            Release();
        }

        base.Dispose(disposing);
    }

    private async ValueTask OpenNextAsync(CancellationToken cancellationToken)
    {
        // Filling outlives the call that began it, so it has a token of its own.
        _filling ??= FillAsync(_next, 0, _abandoned.Token);
        var size = await _filling.WaitAsync(cancellationToken);
        _filling = null;
        (_current, _next) = (_next, _current);

        // The first byte of the next segment tells whether this one is the last; the rest of it arrives in the background.
        var begun = size < _parameters.SegmentSize ? 0 : await _source.ReadAsync(_next.AsMemory(0, _parameters.SegmentSize), cancellationToken);
        if (begun > 0)
        {
            _filling = FillAsync(_next, begun, _abandoned.Token);
        }

        Open(size, last: begun == 0);
    }

    private void Open(int size, bool last)
    {
        var offset = _parameters.PayloadOffset(_index);
        if (size < offset + StreamingParameters.TagSize)
        {
            throw Damaged($"it ends inside of segment {_index}");
        }

        var segment = _current.AsSpan(0, size);
        _hash.AppendData(segment);
        Size += size;
        var plain = _current.AsMemory(offset, size - offset - StreamingParameters.TagSize);
        try
        {
            _cipher ??= new SegmentCipher(_parameters, _key.Bytes, segment[..offset], Encoding.UTF8.GetBytes(_aad));
            _cipher.Open(_index, last, segment[offset..], plain.Span);
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw Damaged($"segment {_index}{(last ? ", the last," : "")} does not match its tag", mismatch);
        }
        catch (InvalidDataException header)
        {
            throw Damaged(header.Message, header);
        }

        _plain = plain;
        _index++;
        if (last)
        {
            _ended = true;
            Hash = _hash.GetHashAndReset();
        }
    }

    private async Task<int> FillAsync(byte[] buffer, int filled, CancellationToken cancellationToken) =>
        filled + await _source.ReadAtLeastAsync(
            buffer.AsMemory(filled, _parameters.SegmentSize - filled),
            _parameters.SegmentSize - filled,
            throwOnEndOfStream: false,
            cancellationToken);

    private ArchiveException Damaged(string cause, Exception? innerException = null) =>
        _damage = ArchiveException.DamagedObject(_aad, cause, innerException);

    private void Release()
    {
        _plain = default;
        _ended = true;
        ArrayPool<byte>.Shared.Return(_current);
        if (_filling is null or { IsCompleted: true })
        {
            ArrayPool<byte>.Shared.Return(_next);
        }

        _current = _next = [];
        _cipher?.Dispose();
        _hash.Dispose();
        _abandoned.Dispose();
    }
}
