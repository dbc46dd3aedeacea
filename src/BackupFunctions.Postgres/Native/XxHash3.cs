using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BackupFunctions.Contracts;

namespace BackupFunctions.Postgres.Native;

/// <summary>XXH3, 128 bits, by the system's libxxhash (API of xxhash.h 0.8).</summary>
internal static partial class XxHash3
{
    private const string Library = "libxxhash.so.0";

    /// <summary>Above this, one call lasts long enough to hold up the garbage collector; below, the transition costs more than the hash.</summary>
    private const int ShortInput = 2048;

    private static readonly Lazy<bool> Installed = new(static () => NativeLibrary.TryLoad(Library, typeof(XxHash3).Assembly, searchPath: null, out _));

    public static UInt128 Hash(ReadOnlySpan<byte> input)
    {
        // A missing library shows itself at the digest's creation, see EnsureAvailable.
        var hash = input.Length <= ShortInput
            ? HashShort(ref MemoryMarshal.GetReference(input), (nuint)input.Length)
            : HashLong(ref MemoryMarshal.GetReference(input), (nuint)input.Length);
        return hash.Value;
    }

    /// <exception cref="PgdrException">tool.missing when the library is not installed.</exception>
    public static void EnsureAvailable()
    {
        if (!Installed.Value)
        {
            throw new PgdrException(ErrorCodes.ToolMissing, $"The library {Library} is missing; install the package libxxhash0.");
        }
    }

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "XXH3_128bits")]
    private static partial Hash128 HashShort(ref byte input, nuint length);

    [LibraryImport(Library, EntryPoint = "XXH3_128bits")]
    private static partial Hash128 HashLong(ref byte input, nuint length);

    [LibraryImport(Library, EntryPoint = "XXH3_createState")]
    internal static partial nint CreateState();

    [LibraryImport(Library, EntryPoint = "XXH3_freeState")]
    internal static partial int FreeState(nint state);

    [LibraryImport(Library, EntryPoint = "XXH3_128bits_reset_withSeed")]
    internal static partial int Reset(nint state, ulong seed);

    [LibraryImport(Library, EntryPoint = "XXH3_128bits_update")]
    internal static partial int Update(nint state, ref byte input, nuint length);

    [LibraryImport(Library, EntryPoint = "XXH3_128bits_digest")]
    internal static partial Hash128 Digest(nint state);

    /// <summary>XXH128_hash_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly struct Hash128
    {
        private readonly ulong _low;
        private readonly ulong _high;

        public UInt128 Value
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => new(_high, _low);
        }
    }
}
