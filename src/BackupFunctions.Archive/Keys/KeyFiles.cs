using System.Security.Cryptography;
using System.Text;
using BackupFunctions.Archive.Streams;
using BackupFunctions.Contracts;

namespace BackupFunctions.Archive.Keys;

/// <summary>The files of <c>pgdr keys new</c>: two recipients, one signer, and the recovery file.</summary>
public static class KeyFiles
{
    public const string OperationalPrivate = "operational.private.pem";
    public const string OperationalPublic = "operational.public.pem";
    public const string RecoveryPrivate = "recovery.private.pem";
    public const string RecoveryPublic = "recovery.public.pem";
    public const string SigningPrivate = "signing.private.pem";
    public const string SigningPublic = "signing.public.pem";
    public const string Recovery = "recovery.json";

    // What OpenSSL 3 itself writes takes 2,048 rounds; this is the advice of OWASP for PBKDF2 with SHA-256.
    private static readonly PbeParameters Pbe = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 600_000);

    /// <param name="folder">Created with mode 0700 when it is missing.</param>
    /// <param name="passphrase">Encrypts the private recipient keys (PKCS#8); the signing key stays plain, since backups run unattended.</param>
    /// <param name="rsaBits">3072 or more.</param>
    /// <returns>Full paths of the new files.</returns>
    /// <exception cref="ArchiveException">settings.invalid: a file of this name exists, or one cannot be written.</exception>
    public static IReadOnlyList<string> Create(string folder, string? passphrase = null, int rsaBits = 4096)
    {
        RequireNone(folder);
        using var operational = RSA.Create(rsaBits);
        using var recovery = RSA.Create(rsaBits);
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var recoveryFile = new RecoveryFile
        {
            Format = RecoveryFile.CurrentFormat,
            RecoveryPrivateKey = PrivatePem(recovery, passphrase),
            VerificationKeys = [signing.ExportSubjectPublicKeyInfoPem()],
        };
        IReadOnlyList<(string Name, string Pem, bool IsPrivate)> files =
        [
            (OperationalPrivate, PrivatePem(operational, passphrase), true),
            (OperationalPublic, operational.ExportSubjectPublicKeyInfoPem(), false),
            (RecoveryPrivate, recoveryFile.RecoveryPrivateKey, true),
            (RecoveryPublic, recovery.ExportSubjectPublicKeyInfoPem(), false),
            (SigningPrivate, signing.ExportPkcs8PrivateKeyPem(), true),
            (SigningPublic, recoveryFile.VerificationKeys[0], false),
        ];

        CreateFolder(folder);
        foreach (var (name, pem, isPrivate) in files)
        {
            WriteNew(Path.Combine(folder, name), Encoding.ASCII.GetBytes(pem + "\n"), isPrivate);
        }

        recoveryFile.Write(Path.Combine(folder, Recovery));
        return [.. files.Select(file => file.Name).Append(Recovery).Select(name => Path.GetFullPath(Path.Combine(folder, name)))];
    }

    internal static void WriteNew(string path, byte[] bytes, bool isPrivate)
    {
        try
        {
            using var file = NewFile.Create(path, isPrivate);
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveException(
                ErrorCodes.InvalidSettings, $"{path} cannot be written ({failure.Message}): choose another folder.", failure);
        }
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            NewFile.CreatePrivateFolder(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveException(
                ErrorCodes.InvalidSettings, $"The folder {folder} cannot be made ({failure.Message}): choose another one.", failure);
        }
    }

    private static void RequireNone(string folder)
    {
        string[] names = [OperationalPrivate, OperationalPublic, RecoveryPrivate, RecoveryPublic, SigningPrivate, SigningPublic, Recovery];
        if (names.Select(name => Path.Combine(folder, name)).FirstOrDefault(Path.Exists) is { } existing)
        {
            throw new ArchiveException(
                ErrorCodes.InvalidSettings,
                $"{existing} exists, and keys are never overwritten since backups may need them: choose an empty folder.");
        }
    }

    private static string PrivatePem(AsymmetricAlgorithm key, string? passphrase) =>
        passphrase is null ? key.ExportPkcs8PrivateKeyPem() : key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, Pbe);
}
