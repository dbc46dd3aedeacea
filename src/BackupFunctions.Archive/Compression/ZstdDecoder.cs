namespace BackupFunctions.Archive.Compression;

/// <summary>Decompresses one zstd frame step by step, with bounded memory whatever the frame claims.</summary>
internal sealed class ZstdDecoder : IDisposable
{
    private readonly ZstdDecompressionHandle _context;

    public ZstdDecoder()
    {
        _context = ZstdLibrary.CreateDecompressor();
        ZstdLibrary.Check(ZstdLibrary.SetParameter(
            _context, ZstdLibrary.DecompressionParameterWindowLogMax, ZstdLibrary.LargestWindowLog));
    }

    /// <returns>Whether the frame is complete and everything of it has been given out.</returns>
    /// <exception cref="InvalidDataException">Not zstd, damaged, or a window above the limit.</exception>
    public unsafe bool Step(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written)
    {
        fixed (byte* source = input)
        fixed (byte* target = output)
        {
            var from = new ZstdBuffer { Start = (nint)source, Size = (nuint)input.Length };
            var to = new ZstdBuffer { Start = (nint)target, Size = (nuint)output.Length };
            var hint = ZstdLibrary.Check(ZstdLibrary.Decompress(_context, ref to, ref from));
            consumed = (int)from.Position;
            written = (int)to.Position;
            return hint == 0;
        }
    }

    public void Dispose() => _context.Dispose();
}
