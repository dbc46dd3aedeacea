using System.Buffers.Binary;
using System.Security.Cryptography;

namespace BackupFunctions.Archive.Encryption;

/// <summary>
/// Seals and opens the segments of one object: the key comes from HKDF over data key, salt and associated data; the nonce is
/// prefix, segment number (big endian) and the flag of the last segment, so that order and end are authenticated. Not thread-safe.
/// </summary>
internal sealed class SegmentCipher : IDisposable
{
    private readonly byte[] _noncePrefix;
    private readonly AesGcm _aes;

    public SegmentCipher(StreamingParameters parameters, ReadOnlySpan<byte> key, ReadOnlySpan<byte> header, ReadOnlySpan<byte> aad)
    {
        if (header.Length != parameters.HeaderSize || header[0] != parameters.HeaderSize)
        {
            throw new InvalidDataException("the header is not that of a Tink streaming ciphertext");
        }

        var salt = header.Slice(1, parameters.DerivedKeySize);
        _noncePrefix = header[(1 + parameters.DerivedKeySize)..].ToArray();
        Span<byte> derived = stackalloc byte[parameters.DerivedKeySize];
        HKDF.DeriveKey(parameters.Hash, key, derived, salt, aad);
        _aes = new AesGcm(derived, StreamingParameters.TagSize);
        CryptographicOperations.ZeroMemory(derived);
    }

    public static void FillHeader(StreamingParameters parameters, Span<byte> header)
    {
        header[0] = (byte)parameters.HeaderSize;
        RandomNumberGenerator.Fill(header[1..parameters.HeaderSize]);
    }

    /// <param name="sealedSegment">Receives ciphertext and tag: 16 bytes more than the plaintext, which may lie at the same place.</param>
    public void Seal(long segment, bool last, ReadOnlySpan<byte> plain, Span<byte> sealedSegment)
    {
        Span<byte> nonce = stackalloc byte[StreamingParameters.NonceSize];
        FillNonce(nonce, segment, last);
        _aes.Encrypt(nonce, plain, sealedSegment[..plain.Length], sealedSegment[plain.Length..]);
    }

    /// <param name="plain">16 bytes shorter than the sealed segment, and may lie at the same place; cleared when the tag does not match.</param>
    /// <exception cref="AuthenticationTagMismatchException">Other bytes, place, end, key or associated data than was sealed.</exception>
    public void Open(long segment, bool last, ReadOnlySpan<byte> sealedSegment, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[StreamingParameters.NonceSize];
        FillNonce(nonce, segment, last);
        _aes.Decrypt(nonce, sealedSegment[..plain.Length], sealedSegment[plain.Length..], plain);
    }

    public void Dispose() => _aes.Dispose();

    private void FillNonce(Span<byte> nonce, long segment, bool last)
    {
        // The counter must never wrap: developers.google.com/tink/issues/streaming-aead-overflow. One less than it holds, on purpose.
        if (segment is < 0 or >= uint.MaxValue)
        {
            throw new InvalidOperationException("An object ends at 4 PiB: start another one.");
        }

        _noncePrefix.CopyTo(nonce);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[StreamingParameters.NoncePrefixSize..], (uint)segment);
        nonce[^1] = last ? (byte)1 : (byte)0;
    }
}
