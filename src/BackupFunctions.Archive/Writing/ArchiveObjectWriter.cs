using System.Security.Cryptography;
using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;

namespace BackupFunctions.Archive.Writing;

/// <summary>
/// Writes one object: compress, encrypt, hash, hand to the sink. Memory: two segments of 1 MiB and the compressor. Not thread-safe;
/// several writers may share a <see cref="DataKey"/>. Disposing without completing cancels the sink and leaves an object that no
/// reader accepts.
/// </summary>
public sealed class ArchiveObjectWriter : IAsyncDisposable
{
    private readonly SegmentEncryptionStream _segments;
    private readonly Stream _compressor;
    private readonly IncrementalHash _plainHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _plainSize;
    private bool _writing;
    private bool _completed;

    private ArchiveObjectWriter(SegmentEncryptionStream segments, Stream compressor)
    {
        _segments = segments;
        _compressor = compressor;
    }

    /// <param name="key">The backup's key; must live as long as this call only.</param>
    /// <param name="aad">See <see cref="Manifests.ArchiveAad"/>; a reader has to give the same.</param>
    /// <param name="compression">Method and level.</param>
    /// <param name="sink">
    /// Takes ciphertext in order, at most 1 MiB a call, never two calls at once; the memory is reused when it returns. A call goes on
    /// while the next segment fills; its token is cancelled when the writer is disposed before it is complete.
    /// </param>
    public static ArchiveObjectWriter Create(
        DataKey key,
        string aad,
        CompressionOptions compression,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink)
    {
        compression.Validate();
        var segments = new SegmentEncryptionStream(StreamingParameters.Aes256GcmHkdf1Mb, key, aad, sink);
        return new ArchiveObjectWriter(segments, CreateCompressor(compression, segments));
    }

    /// <summary>The memory may be reused when the call returns. Failures of the sink surface here or in <see cref="CompleteAsync"/>.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
    {
        _writing = true;
        _plainHash.AppendData(plain.Span);
        _plainSize += plain.Length;
        await _compressor.WriteAsync(plain, cancellationToken);
        _writing = false;
    }

    /// <summary>Ends the object; the sink has taken every byte when this returns.</summary>
    public async Task<ArchiveObjectResult> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_completed || _writing)
        {
            throw new InvalidOperationException("The object is complete already, or a write did not succeed.");
        }

        _completed = true;
        // Ending a compressor takes no token; its last bytes may wait for the sink all the same.
        await using (cancellationToken.UnsafeRegister(static segments => ((SegmentEncryptionStream)segments!).CancelSink(), _segments))
        {
            await _compressor.DisposeAsync();
        }

        var sha256 = await _segments.CompleteAsync(cancellationToken);
        return new ArchiveObjectResult(
            _plainSize,
            Convert.ToHexStringLower(_plainHash.GetHashAndReset()),
            _segments.Size,
            Convert.ToHexStringLower(sha256));
    }

    /// <summary>The same as <see cref="WriteAsync"/>, for code that writes to a stream; closing the stream completes nothing.</summary>
    public Stream AsStream() => new ArchiveObjectStream(this);

    public async ValueTask DisposeAsync()
    {
        _segments.Abandon();
        await _compressor.DisposeAsync();
        await _segments.DisposeAsync();
        _plainHash.Dispose();
    }

    private static Stream CreateCompressor(CompressionOptions compression, Stream destination) => compression.Method switch
    {
        CompressionMethod.Zstd => new ZstdCompressionStream(destination, compression.Level),
        _ => new GzipCompressionStream(destination, compression.Level),
    };
}
