using System.Buffers;
using BackupFunctions.Archive.Streams;

namespace BackupFunctions.Archive.Compression;

/// <summary>Decompresses exactly one zstd frame; whatever is short of it or follows it is an error.</summary>
internal sealed class ZstdDecompressionStream : AsyncReadStream
{
    private const int InputSize = 128 * 1024;

    private readonly Stream _source;
    private readonly ZstdDecoder _decoder;
    private byte[]? _input;
    private int _start;
    private int _end;
    private bool _sourceEnded;
    private bool _complete;

    public ZstdDecompressionStream(Stream source)
    {
        _source = source;
        _decoder = new ZstdDecoder();
        _input = ArrayPool<byte>.Shared.Rent(InputSize);
    }

    /// <exception cref="InvalidDataException">Not one whole zstd frame, or a window above the limit.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_input is null, this);
        while (!buffer.IsEmpty && !_complete)
        {
            if (_start == _end && !_sourceEnded)
            {
                _start = 0;
                _end = await _source.ReadAsync(_input, cancellationToken);
                _sourceEnded = _end == 0;
            }

            // Without new input the decoder may still hold output back from an earlier step.
            _complete = _decoder.Step(_input.AsSpan(_start, _end - _start), buffer.Span, out var consumed, out var written);
            _start += consumed;
            if (written > 0)
            {
                return written;
            }

            if (_sourceEnded && !_complete)
            {
                throw new InvalidDataException("zstd: the frame ends early");
            }
        }

        if (_complete)
        {
            await RequireEndAsync(cancellationToken);
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _input is { } input)
        {
            _input = null;
            _decoder.Dispose();
            _source.Dispose();
            ArrayPool<byte>.Shared.Return(input);
        }

        base.Dispose(disposing);
    }

    private async ValueTask RequireEndAsync(CancellationToken cancellationToken)
    {
        if (_start != _end || (!_sourceEnded && await _source.ReadAsync(_input, cancellationToken) != 0))
        {
            throw new InvalidDataException("zstd: bytes follow the frame");
        }

        _sourceEnded = true;
    }
}
