using System.Runtime.InteropServices;

namespace BackupFunctions.Archive.Compression;

internal sealed class ZstdCompressionHandle : SafeHandle
{
    public ZstdCompressionHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => ZstdLibrary.FreeCCtx(handle) == 0;
}
