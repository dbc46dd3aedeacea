using System.Security.Cryptography;

namespace BackupFunctions.Archive.Keys;

/// <summary>
/// The pinned public keys whose signatures count; they come from configuration or the recovery file, never from storage.
/// Immutable and safe for use from several threads.
/// </summary>
public sealed class VerificationKeyRing
{
    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    private VerificationKeyRing()
    {
    }

    /// <summary>SHA-256 (hex) of the SubjectPublicKeyInfo of every key.</summary>
    public IReadOnlyCollection<string> KeyIds => _keys.Keys;

    /// <param name="pems">One public P-256 key each.</param>
    /// <exception cref="ArchiveException">settings.invalid: no key, or one that is not a public P-256 key.</exception>
    public static VerificationKeyRing FromPems(params IEnumerable<string> pems)
    {
        var ring = new VerificationKeyRing();
        foreach (var pem in pems)
        {
            using var key = EcdsaKeys.Import(KeyText.PublicBlock(pem, "verification"), passphrase: null, "verification");
            var publicKey = key.ExportSubjectPublicKeyInfo();
            ring._keys[KeyText.Id(publicKey)] = publicKey;
        }

        return ring._keys.Count > 0 ? ring : throw KeyText.Invalid("verification", "none was given, so no signature could be checked");
    }

    public bool Contains(string keyId) => _keys.ContainsKey(keyId);

    /// <returns>The id of the key that made the signature (DER) over the data; null when none of these did.</returns>
    public string? FindSigner(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        foreach (var (id, publicKey) in _keys)
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(publicKey, out _);
            if (key.VerifyData(data, signature, HashAlgorithmName.SHA256, EcdsaKeys.Format))
            {
                return id;
            }
        }

        return null;
    }
}
