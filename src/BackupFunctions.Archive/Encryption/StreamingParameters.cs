using System.Security.Cryptography;

namespace BackupFunctions.Archive.Encryption;

/// <summary>
/// Parameters of Tink's AES-GCM-HKDF streaming AEAD. Objects use <see cref="Aes256GcmHkdf1Mb"/> only; the others exist because Tink
/// publishes its test vectors with them. Source of the layout: developers.google.com/tink/streaming-aead/aes_gcm_hkdf_streaming.
/// </summary>
/// <param name="Hash">Of HKDF.</param>
/// <param name="DerivedKeySize">Bytes of the AES key of one object, and of its salt.</param>
/// <param name="SegmentSize">Bytes of ciphertext in one segment, with its tag; the first one holds the header too.</param>
internal sealed record StreamingParameters(HashAlgorithmName Hash, int DerivedKeySize, int SegmentSize)
{
    /// <summary>As manifests call it.</summary>
    public const string Name = "AES256_GCM_HKDF_1MB";

    public const int TagSize = 16;
    public const int NonceSize = 12;
    public const int NoncePrefixSize = 7;

    public static StreamingParameters Aes256GcmHkdf1Mb { get; } = new(HashAlgorithmName.SHA256, 32, 1024 * 1024);

    /// <summary>Length byte, salt, nonce prefix.</summary>
    public int HeaderSize => 1 + DerivedKeySize + NoncePrefixSize;

    /// <summary>Bytes of plaintext in a full segment; the first one holds less by the header.</summary>
    public int SegmentPlainSize => SegmentSize - TagSize;

    /// <summary>Where a segment's payload starts within it.</summary>
    public int PayloadOffset(long segment) => segment == 0 ? HeaderSize : 0;
}
