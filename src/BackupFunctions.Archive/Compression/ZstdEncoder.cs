namespace BackupFunctions.Archive.Compression;

/// <summary>One zstd frame with its content checksum, made step by step.</summary>
internal sealed class ZstdEncoder : IDisposable
{
    private readonly ZstdCompressionHandle _context;

    public ZstdEncoder(int level)
    {
        _context = ZstdLibrary.CreateCompressor();
        ZstdLibrary.Check(ZstdLibrary.SetParameter(_context, ZstdLibrary.ParameterCompressionLevel, level));
        // A second check on the way back, beyond authentication: it covers libzstd itself.
        ZstdLibrary.Check(ZstdLibrary.SetParameter(_context, ZstdLibrary.ParameterChecksumFlag, 1));
    }

    /// <summary>Takes input and gives output until one of them is used up.</summary>
    /// <returns>With <paramref name="end"/>: whether the frame is complete.</returns>
    public unsafe bool Step(ReadOnlySpan<byte> input, Span<byte> output, bool end, out int consumed, out int written)
    {
        fixed (byte* source = input)
        fixed (byte* target = output)
        {
            var from = new ZstdBuffer { Start = (nint)source, Size = (nuint)input.Length };
            var to = new ZstdBuffer { Start = (nint)target, Size = (nuint)output.Length };
            var directive = end ? ZstdLibrary.EndDirectiveEnd : ZstdLibrary.EndDirectiveContinue;
            var remaining = ZstdLibrary.Check(ZstdLibrary.Compress(_context, ref to, ref from, directive));
            consumed = (int)from.Position;
            written = (int)to.Position;
            return end && remaining == 0;
        }
    }

    public void Dispose() => _context.Dispose();
}
