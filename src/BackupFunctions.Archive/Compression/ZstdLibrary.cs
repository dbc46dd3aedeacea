using System.Runtime.InteropServices;
using BackupFunctions.Contracts;

namespace BackupFunctions.Archive.Compression;

/// <summary>The streaming functions of libzstd (zstd.h, stable part, 1.4.0 and newer).</summary>
internal static partial class ZstdLibrary
{
    /// <summary>Levels above need hundreds of MiB a stream ("ultra" in zstd's own tool).</summary>
    public const int HighestLevel = 19;

    /// <summary>128 MiB: what the zstd tool itself accepts without --long or --memory.</summary>
    public const int LargestWindowLog = 27;

    public const int EndDirectiveContinue = 0;
    public const int EndDirectiveEnd = 2;
    public const int ParameterCompressionLevel = 100;
    public const int ParameterChecksumFlag = 201;
    public const int DecompressionParameterWindowLogMax = 100;

    private const string Name = "libzstd.so.1";

    /// <exception cref="ArchiveException">tool.missing</exception>
    public static ZstdCompressionHandle CreateCompressor() => WithLibrary(CreateCCtx);

    /// <inheritdoc cref="CreateCompressor"/>
    public static ZstdDecompressionHandle CreateDecompressor() => WithLibrary(CreateDCtx);

    public static nuint Check(nuint result) => IsError(result) == 0
        ? result
        : throw new InvalidDataException($"zstd: {Marshal.PtrToStringUTF8(GetErrorName(result))}");

    [LibraryImport(Name, EntryPoint = "ZSTD_CCtx_setParameter")]
    public static partial nuint SetParameter(ZstdCompressionHandle context, int parameter, int value);

    [LibraryImport(Name, EntryPoint = "ZSTD_DCtx_setParameter")]
    public static partial nuint SetParameter(ZstdDecompressionHandle context, int parameter, int value);

    [LibraryImport(Name, EntryPoint = "ZSTD_compressStream2")]
    public static partial nuint Compress(ZstdCompressionHandle context, ref ZstdBuffer output, ref ZstdBuffer input, int endDirective);

    [LibraryImport(Name, EntryPoint = "ZSTD_decompressStream")]
    public static partial nuint Decompress(ZstdDecompressionHandle context, ref ZstdBuffer output, ref ZstdBuffer input);

    [LibraryImport(Name, EntryPoint = "ZSTD_freeCCtx")]
    public static partial nuint FreeCCtx(nint context);

    [LibraryImport(Name, EntryPoint = "ZSTD_freeDCtx")]
    public static partial nuint FreeDCtx(nint context);

    [LibraryImport(Name, EntryPoint = "ZSTD_createCCtx")]
    private static partial ZstdCompressionHandle CreateCCtx();

    [LibraryImport(Name, EntryPoint = "ZSTD_createDCtx")]
    private static partial ZstdDecompressionHandle CreateDCtx();

    [LibraryImport(Name, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint result);

    [LibraryImport(Name, EntryPoint = "ZSTD_getErrorName")]
    private static partial nint GetErrorName(nuint result);

    /// <summary>Turns a missing library into a sentence.</summary>
    internal static T WithLibrary<T>(Func<T> create)
        where T : SafeHandle
    {
        try
        {
            var handle = create();
            return handle.IsInvalid ? throw new InvalidOperationException("libzstd got no memory for a stream.") : handle;
        }
        catch (DllNotFoundException missing)
        {
            throw new ArchiveException(
                ErrorCodes.ToolMissing,
                "The library libzstd.so.1 is missing: install the package libzstd1 (Debian, Ubuntu) or libzstd (Fedora, Alpine: zstd-libs).",
                missing);
        }
    }
}
