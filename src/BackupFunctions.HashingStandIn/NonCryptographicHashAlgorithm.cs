namespace System.IO.Hashing;

/// <summary>The members that Azure.Storage.Common derives from and calls; its CRC64 is not used here, but its types must load.</summary>
public abstract class NonCryptographicHashAlgorithm
{
    /// <param name="hashLengthInBytes">Bytes of a hash.</param>
    protected NonCryptographicHashAlgorithm(int hashLengthInBytes) => HashLengthInBytes = hashLengthInBytes;

    public int HashLengthInBytes { get; }

    public abstract void Append(ReadOnlySpan<byte> source);

    public abstract void Reset();

    protected abstract void GetCurrentHashCore(Span<byte> destination);
}
