using System.Security.Cryptography;

namespace BackupFunctions.Archive.Keys;

/// <summary>Signatures: ECDSA P-256 over SHA-256 in DER form, as <c>openssl dgst -sha256 -verify</c> takes them.</summary>
internal static class EcdsaKeys
{
    private const string P256 = "1.2.840.10045.3.1.7";

    public static DSASignatureFormat Format => DSASignatureFormat.Rfc3279DerSequence;

    public static ECDsa Import(PemBlock block, string? passphrase, string name)
    {
        var ecdsa = ECDsa.Create();
        try
        {
            KeyText.Import(ecdsa, block, passphrase, name, "an elliptic-curve key");
            return ecdsa.ExportParameters(includePrivateParameters: false).Curve.Oid.Value is P256
                ? ecdsa
                : throw KeyText.Invalid(name, "signing keys are on the curve P-256 (prime256v1)");
        }
        catch
        {
            ecdsa.Dispose();
            throw;
        }
    }
}
