using System.Security.Cryptography;

namespace BackupFunctions.Archive.Keys;

/// <summary>What a recipient's RSA key must be, and how envelopes name it.</summary>
internal static class RsaKeys
{
    public const string EnvelopeType = "rsa";
    public const string Algorithm = "RSA-OAEP-256";

    /// <summary>Bits; 128 bits of security (NIST SP 800-57 part 1).</summary>
    public const int SmallestSize = 3072;

    public static RSAEncryptionPadding Padding => RSAEncryptionPadding.OaepSHA256;

    public static RSA Import(PemBlock block, string? passphrase, string name)
    {
        var rsa = RSA.Create();
        try
        {
            KeyText.Import(rsa, block, passphrase, name, "an RSA key");
            return rsa.KeySize >= SmallestSize
                ? rsa
                : throw KeyText.Invalid(name, $"RSA keys need at least {SmallestSize} bits, this one has {rsa.KeySize}");
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
    }
}
