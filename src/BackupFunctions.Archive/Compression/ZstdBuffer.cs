using System.Runtime.InteropServices;

namespace BackupFunctions.Archive.Compression;

/// <summary>ZSTD_inBuffer and ZSTD_outBuffer, which share one layout.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ZstdBuffer
{
    public nint Start;
    public nuint Size;
    public nuint Position;
}
