using System.Buffers;
using BackupFunctions.Archive.Streams;

namespace BackupFunctions.Archive.Compression;

/// <summary>Compresses what is written into one zstd frame. <see cref="DisposeAsync"/> ends the frame, as with GZipStream.</summary>
internal sealed class ZstdCompressionStream : AsyncWriteStream
{
    private const int OutputSize = 128 * 1024;

    private readonly Stream _destination;
    private readonly ZstdEncoder _encoder;
    private byte[]? _output;

    public ZstdCompressionStream(Stream destination, int level)
    {
        _destination = destination;
        _encoder = new ZstdEncoder(level);
        _output = ArrayPool<byte>.Shared.Rent(OutputSize);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_output is null, this);
        while (!buffer.IsEmpty)
        {
            _encoder.Step(buffer.Span, _output, end: false, out var consumed, out var written);
            buffer = buffer[consumed..];
            await _destination.WriteAsync(_output.AsMemory(0, written), cancellationToken);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_output is not { } output)
        {
            return;
        }

        _output = null;
        try
        {
            bool complete;
            do
            {
                complete = _encoder.Step([], output, end: true, out _, out var written);
                await _destination.WriteAsync(output.AsMemory(0, written), CancellationToken.None);
            }
            while (!complete);
        }
        finally
        {
            _encoder.Dispose();
            ArrayPool<byte>.Shared.Return(output);
        }

        await base.DisposeAsync();
    }
}
