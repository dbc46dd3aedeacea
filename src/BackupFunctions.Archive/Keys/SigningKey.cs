using System.Security.Cryptography;

namespace BackupFunctions.Archive.Keys;

/// <summary>The private ECDSA P-256 key that signs manifests and statements. Safe for use from several threads.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly ECDsa _key;
    private readonly Lock _lock = new();

    private SigningKey(ECDsa key)
    {
        _key = key;
        KeyId = KeyText.Id(key);
    }

    /// <summary>SHA-256 (hex) of the SubjectPublicKeyInfo.</summary>
    public string KeyId { get; }

    /// <summary>What verifies: for <see cref="VerificationKeyRing"/> and the recovery kit.</summary>
    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

    /// <exception cref="ArchiveException">settings.invalid: not one private P-256 key, or the passphrase is wrong.</exception>
    public static SigningKey FromPem(string pem, string name = "signing", string? passphrase = null) =>
        new(EcdsaKeys.Import(KeyText.PrivateBlock(pem, name), passphrase, name));

    /// <returns>A signature in DER form over the SHA-256 of the data.</returns>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            return _key.SignData(data, HashAlgorithmName.SHA256, EcdsaKeys.Format);
        }
    }

    public void Dispose() => _key.Dispose();
}
