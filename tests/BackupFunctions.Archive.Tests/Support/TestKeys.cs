using System.Security.Cryptography;
using BackupFunctions.Archive.Keys;

namespace BackupFunctions.Archive.Tests.Support;

/// <summary>Keys made once for the whole run: RSA keys take their time.</summary>
internal static class TestKeys
{
    private static readonly Lazy<RSA> LazyOperational = new(() => RSA.Create(3072));
    private static readonly Lazy<RSA> LazyRecovery = new(() => RSA.Create(3072));
    private static readonly Lazy<ECDsa> LazySigning = new(() => ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static RSA Operational => LazyOperational.Value;

    public static RSA Recovery => LazyRecovery.Value;

    public static ECDsa Signing => LazySigning.Value;

    public static RecipientKey OperationalRecipient => RecipientKey.FromPem(Operational.ExportSubjectPublicKeyInfoPem(), "operational");

    public static RecipientKey RecoveryRecipient => RecipientKey.FromPem(Recovery.ExportSubjectPublicKeyInfoPem(), "recovery");

    public static SigningKey SigningKey => SigningKey.FromPem(Signing.ExportPkcs8PrivateKeyPem());

    public static VerificationKeyRing Pinned => VerificationKeyRing.FromPems(Signing.ExportSubjectPublicKeyInfoPem());

    public static PrivateKeyRing Ring(RSA key, string name)
    {
        var ring = new PrivateKeyRing();
        ring.Add(key.ExportPkcs8PrivateKeyPem(), name);
        return ring;
    }
}
