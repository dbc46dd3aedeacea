using System.Runtime.InteropServices;

namespace BackupFunctions.Archive.Compression;

internal sealed class ZstdDecompressionHandle : SafeHandle
{
    public ZstdDecompressionHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => ZstdLibrary.FreeDCtx(handle) == 0;
}
