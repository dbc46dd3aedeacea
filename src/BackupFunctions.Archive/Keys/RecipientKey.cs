using System.Security.Cryptography;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Keys;

/// <summary>A public RSA key that backups are encrypted for. Immutable and safe for use from several threads.</summary>
public sealed class RecipientKey
{
    private readonly byte[] _subjectPublicKeyInfo;

    private RecipientKey(string name, byte[] subjectPublicKeyInfo)
    {
        Name = name;
        _subjectPublicKeyInfo = subjectPublicKeyInfo;
        KeyId = KeyText.Id(subjectPublicKeyInfo);
    }

    /// <summary>For people, for example operational or recovery.</summary>
    public string Name { get; }

    /// <summary>SHA-256 (hex) of the SubjectPublicKeyInfo.</summary>
    public string KeyId { get; }

    /// <exception cref="ArchiveException">settings.invalid: not one public RSA key of 3072 bits or more.</exception>
    public static RecipientKey FromPem(string pem, string name)
    {
        using var rsa = RsaKeys.Import(KeyText.PublicBlock(pem, name), passphrase: null, name);
        return new RecipientKey(name, rsa.ExportSubjectPublicKeyInfo());
    }

    public KeyEnvelope Wrap(DataKey key)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(_subjectPublicKeyInfo, out _);
        return new KeyEnvelope(
            RsaKeys.EnvelopeType, KeyId, RsaKeys.Algorithm, Convert.ToBase64String(rsa.Encrypt(key.Bytes, RsaKeys.Padding)), Name);
    }
}
