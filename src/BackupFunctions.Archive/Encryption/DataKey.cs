using System.Security.Cryptography;

namespace BackupFunctions.Archive.Encryption;

/// <summary>The random 256-bit key of one backup attempt. Safe for use by several writers and readers at once.</summary>
public sealed class DataKey : IDisposable
{
    /// <summary>Bytes.</summary>
    public const int Size = 32;

    // Pinned, so that the collector leaves no copies behind that Dispose cannot clear.
    private readonly byte[] _bytes = GC.AllocateArray<byte>(Size, pinned: true);
    private bool _disposed;

    private DataKey()
    {
    }

    internal ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes;
        }
    }

    public static DataKey Create()
    {
        var key = new DataKey();
        RandomNumberGenerator.Fill(key._bytes);
        return key;
    }

    /// <summary>Takes a copy; clearing the original is the caller's part.</summary>
    public static DataKey FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A data key has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        }

        var key = new DataKey();
        bytes.CopyTo(key._bytes);
        return key;
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }
}
