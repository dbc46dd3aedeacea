using BackupFunctions.Archive.Keys;
using BackupFunctions.Contracts;
using BackupFunctions.Settings;

namespace BackupFunctions.Catalog.Sources;

/// <summary>Keys of the settings by role; a role that is not configured is said when it is needed, not before.</summary>
public static class KeyLoader
{
    /// <summary>At least two recipients: losing one key must never lose the backups.</summary>
    private const int LeastRecipients = 2;

    public static IReadOnlyList<RecipientKey> Recipients(KeySettings keys)
    {
        IReadOnlyList<RecipientKey> recipients =
            [.. keys.Recipients.Select(source => RecipientKey.FromPem(source.Read(), RoleOf(source))).DistinctBy(key => key.KeyId, StringComparer.Ordinal)];
        if (recipients.Count < LeastRecipients)
        {
            throw new PgdrException(
                ErrorCodes.KeyMissing,
                $"{recipients.Count} different recipient keys are configured and {LeastRecipients} are needed: set BACKUP_PUBLIC_KEY_PATHS to the public keys that 'pgdr keys new' made.");
        }

        return recipients;
    }

    public static SigningKey Signing(KeySettings keys) => SigningKey.FromPem(
        (keys.SigningKey ?? throw new PgdrException(
            ErrorCodes.KeyMissing, "No signing key is configured: set BACKUP_SIGNING_KEY_PATH to the private signing key that 'pgdr keys new' made.")).Read());

    public static VerificationKeyRing Verification(KeySettings keys) => keys.VerificationKeys.Count > 0
        ? VerificationKeyRing.FromPems(keys.VerificationKeys.Select(source => source.Read()))
        : throw new PgdrException(
            ErrorCodes.KeyMissing, "No verification key is configured: set BACKUP_VERIFY_KEY_PATHS to the public signing key that 'pgdr keys new' made.");

    public static PrivateKeyRing Private(KeySettings keys)
    {
        if (keys.PrivateKeys.Count == 0)
        {
            throw new PgdrException(
                ErrorCodes.KeyMissing, "No private key is configured: set BACKUP_PRIVATE_KEY_PATHS to the operational or the recovery private key.");
        }

        var ring = new PrivateKeyRing();
        foreach (var source in keys.PrivateKeys)
        {
            ring.Add(source.Read(), RoleOf(source), keys.PrivateKeyPassphrase?.Read());
        }

        return ring;
    }

    /// <summary>operational.public.pem is the key named operational.</summary>
    private static string RoleOf(SecretSource source) => source.Name.Split('.')[0];
}
