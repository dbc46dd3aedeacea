using System.Security.Cryptography;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Contracts;

namespace BackupFunctions.Archive.Tests.Keys;

public class KeyImportTests
{
    private static readonly PbeParameters Pbe = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    [Fact]
    public void Recipient_PrivateKeyGiven_RefusesAndShowsNothingOfIt()
    {
        var pem = TestKeys.Operational.ExportPkcs8PrivateKeyPem();

        ShouldRefuse(() => RecipientKey.FromPem(pem, "operational"), "private key where a public one belongs", pem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void Recipient_NotAPublicKey_Refuses(string pem) => ShouldRefuse(() => RecipientKey.FromPem(pem, "operational"), "operational");

    [Fact]
    public void Recipient_SmallKeyOrOtherKind_Refuses()
    {
        using var small = RSA.Create(2048);

        ShouldRefuse(() => RecipientKey.FromPem(small.ExportSubjectPublicKeyInfoPem(), "operational"), "at least 3072 bits");
        ShouldRefuse(() => RecipientKey.FromPem(TestKeys.Signing.ExportSubjectPublicKeyInfoPem(), "operational"), "not an RSA key");
    }

    [Fact]
    public void Recipient_EitherPublicFormOfAKey_HasTheSameId() =>
        RecipientKey.FromPem(TestKeys.Operational.ExportRSAPublicKeyPem(), "operational").KeyId
            .ShouldBe(TestKeys.OperationalRecipient.KeyId);

    [Fact]
    public void Ring_EveryPrivateForm_HasTheSameId()
    {
        using var ring = new PrivateKeyRing();
        var id = ring.Add(TestKeys.Operational.ExportPkcs8PrivateKeyPem(), "pkcs8");

        ring.Add(TestKeys.Operational.ExportRSAPrivateKeyPem(), "pkcs1").ShouldBe(id);
        ring.Add(TestKeys.Operational.ExportEncryptedPkcs8PrivateKeyPem("secret", Pbe), "encrypted", "secret").ShouldBe(id);
        ring.Add("text before\n" + TestKeys.Operational.ExportPkcs8PrivateKeyPem() + "\ntext after", "commented").ShouldBe(id);
        ring.KeyIds.ShouldBe([id]);
    }

    [Fact]
    public void Ring_EncryptedKey_WrongOrNoPassphrase_SaysWhich()
    {
        using var ring = new PrivateKeyRing();
        var pem = TestKeys.Operational.ExportEncryptedPkcs8PrivateKeyPem("correct horse", Pbe);

        ShouldRefuse(() => ring.Add(pem, "recovery"), "no passphrase was given", pem);
        ShouldRefuse(() => ring.Add(pem, "recovery", "wrong horse"), "with this passphrase", pem, "wrong horse");
    }

    [Fact]
    public void Ring_PublicOrForeignOrDamagedKey_Refuses()
    {
        using var ring = new PrivateKeyRing();
        var damaged = TestKeys.Operational.ExportPkcs8PrivateKeyPem().Replace("MII", "MIJ", StringComparison.Ordinal);

        ShouldRefuse(() => ring.Add(TestKeys.Operational.ExportSubjectPublicKeyInfoPem(), "recovery"), "BEGIN PRIVATE KEY");
        ShouldRefuse(() => ring.Add(TestKeys.Signing.ExportPkcs8PrivateKeyPem(), "recovery"), "not an RSA key");
        ShouldRefuse(() => ring.Add(damaged, "recovery"), "damaged", damaged);
    }

    [Fact]
    public void SigningKey_RsaOrOtherCurveOrPublic_Refuses()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        ShouldRefuse(() => SigningKey.FromPem(p384.ExportPkcs8PrivateKeyPem()), "P-256");
        ShouldRefuse(() => SigningKey.FromPem(TestKeys.Operational.ExportPkcs8PrivateKeyPem()), "not an elliptic-curve key");
        ShouldRefuse(() => SigningKey.FromPem(TestKeys.Signing.ExportSubjectPublicKeyInfoPem()), "BEGIN PRIVATE KEY");
    }

    [Fact]
    public void VerificationKeys_NoneOrPrivate_Refuses()
    {
        ShouldRefuse(() => VerificationKeyRing.FromPems(), "none was given");
        ShouldRefuse(() => VerificationKeyRing.FromPems(TestKeys.Signing.ExportPkcs8PrivateKeyPem()), "private key where a public one");
    }

    [Fact]
    public void VerificationKeys_SignatureThatIsNotDer_FindsNoSigner()
    {
        TestKeys.Pinned.FindSigner("x"u8, []).ShouldBeNull();
        TestKeys.Pinned.FindSigner("x"u8, new byte[64]).ShouldBeNull();
        TestKeys.Pinned.FindSigner("x"u8, "not a signature"u8).ShouldBeNull();
    }

    private static void ShouldRefuse(Action action, string cause, params string[] secrets)
    {
        var failure = Should.Throw<ArchiveException>(action);
        failure.Code.ShouldBe(ErrorCodes.InvalidSettings);
        failure.Message.ShouldContain(cause);
        var text = failure.ToString();
        foreach (var line in secrets.SelectMany(secret => secret.Split('\n')).Where(line => line.Length > 0 && !line.StartsWith('-')))
        {
            text.ShouldNotContain(line);
        }
    }
}
