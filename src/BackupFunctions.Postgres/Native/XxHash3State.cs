using System.Runtime.InteropServices;

namespace BackupFunctions.Postgres.Native;

/// <summary>XXH3-128 of input that comes in pieces: tells contents apart, no defence against a forger.</summary>
public sealed class XxHash3State : SafeHandle
{
    public XxHash3State()
        : base(0, ownsHandle: true)
    {
        XxHash3.EnsureAvailable();
        SetHandle(XxHash3.CreateState());
        if (IsInvalid)
        {
            throw new InvalidOperationException("libxxhash has no memory for its state");
        }

        Reset(0);
    }

    public override bool IsInvalid => handle == 0;

    public void Reset(ulong seed) => Check(XxHash3.Reset(handle, seed));

    public void Append(ReadOnlySpan<byte> input) =>
        Check(XxHash3.Update(handle, ref MemoryMarshal.GetReference(input), (nuint)input.Length));

    public UInt128 Digest() => XxHash3.Digest(handle).Value;

    protected override bool ReleaseHandle() => XxHash3.FreeState(handle) == 0;

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException("libxxhash refused the input");
        }
    }
}
