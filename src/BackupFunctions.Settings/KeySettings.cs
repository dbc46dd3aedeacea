namespace BackupFunctions.Settings;

/// <summary>PEM texts by their role. A backup needs the recipients' public keys and the signing key; a restore a private key and the pinned verification keys.</summary>
public sealed record KeySettings
{
    public required IReadOnlyList<SecretSource> Recipients { get; init; }
    public SecretSource? SigningKey { get; init; }
    public required IReadOnlyList<SecretSource> VerificationKeys { get; init; }
    public required IReadOnlyList<SecretSource> PrivateKeys { get; init; }
    public SecretSource? PrivateKeyPassphrase { get; init; }
}
