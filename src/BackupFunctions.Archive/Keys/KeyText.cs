using System.Security.Cryptography;
using BackupFunctions.Contracts;

namespace BackupFunctions.Archive.Keys;

/// <summary>Imports keys from PEM text; every failure is one sentence that names the key and never shows any of its text.</summary>
internal static class KeyText
{
    public static PemBlock PublicBlock(string pem, string name)
    {
        var blocks = PemBlock.All(pem);
        if (blocks.Any(block => block.IsPrivate))
        {
            throw Invalid(name, "it is a private key where a public one belongs: give the .public.pem file and keep the private key away from here");
        }

        return blocks.Count == 1 && blocks[0].Label is PemBlock.PublicKey or PemBlock.RsaPublicKey
            ? blocks[0]
            : throw Invalid(name, "expected PEM text with one block BEGIN PUBLIC KEY");
    }

    public static PemBlock PrivateBlock(string pem, string name)
    {
        var blocks = PemBlock.All(pem).Where(block => block.IsPrivate).ToList();
        return blocks.Count == 1 ? blocks[0] : throw Invalid(name, "expected PEM text with one block BEGIN PRIVATE KEY");
    }

    public static void Import(AsymmetricAlgorithm algorithm, PemBlock block, string? passphrase, string name, string expected)
    {
        try
        {
            if (block.Label is not PemBlock.EncryptedPrivateKey)
            {
                algorithm.ImportFromPem(block.Text);
                return;
            }

            algorithm.ImportFromEncryptedPem(
                block.Text, passphrase ?? throw Invalid(name, "it is encrypted and no passphrase was given"));
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            // Without the inner exception: ArgumentException may quote its argument.
            throw Invalid(name, block.Label is PemBlock.EncryptedPrivateKey
                ? $"it does not open as {expected} with this passphrase"
                : $"it is damaged or not {expected}");
        }
    }

    public static ArchiveException Invalid(string name, string cause) =>
        new(ErrorCodes.InvalidSettings, $"The key '{name}' cannot be used: {cause}.");

    public static string Id(AsymmetricAlgorithm key) => Id(key.ExportSubjectPublicKeyInfo());

    public static string Id(ReadOnlySpan<byte> subjectPublicKeyInfo) => Convert.ToHexStringLower(SHA256.HashData(subjectPublicKeyInfo));
}
