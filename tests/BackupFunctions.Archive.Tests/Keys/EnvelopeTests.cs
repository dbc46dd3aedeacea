using System.Security.Cryptography;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Tests.Keys;

public sealed class EnvelopeTests : IDisposable
{
    private readonly DataKey _key = DataKey.Create();

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Unwrap_EitherRecipient_GivesTheDataKey()
    {
        KeyEnvelope[] envelopes = [TestKeys.OperationalRecipient.Wrap(_key), TestKeys.RecoveryRecipient.Wrap(_key)];
        foreach (var (rsa, name) in new[] { (TestKeys.Operational, "operational"), (TestKeys.Recovery, "recovery") })
        {
            using var ring = TestKeys.Ring(rsa, name);
            using var opened = ring.Unwrap(envelopes);

            opened.Bytes.SequenceEqual(_key.Bytes).ShouldBeTrue();
        }
    }

    [Fact]
    public void Wrap_NamesRecipientAndAlgorithm()
    {
        var envelope = TestKeys.RecoveryRecipient.Wrap(_key);

        envelope.Type.ShouldBe("rsa");
        envelope.Algorithm.ShouldBe("RSA-OAEP-256");
        envelope.Name.ShouldBe("recovery");
        envelope.KeyId.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(TestKeys.Recovery.ExportSubjectPublicKeyInfo())));
    }

    [Fact]
    public void Unwrap_NoKeyFits_NamesBothSides()
    {
        using var ring = TestKeys.Ring(TestKeys.Operational, "operational");

        var failure = Should.Throw<ArchiveException>(() => ring.Unwrap([TestKeys.RecoveryRecipient.Wrap(_key)]));

        failure.Code.ShouldBe(ErrorCodes.KeyCannotOpen);
        failure.Message.ShouldContain($"recovery ({TestKeys.RecoveryRecipient.KeyId})");
        failure.Message.ShouldContain($"operational ({ring.KeyIds.Single()})");
    }

    [Fact]
    public void Unwrap_EmptyRing_SaysThatAKeyIsMissing()
    {
        using var ring = new PrivateKeyRing();

        Should.Throw<ArchiveException>(() => ring.Unwrap([TestKeys.RecoveryRecipient.Wrap(_key)])).Code.ShouldBe(ErrorCodes.KeyMissing);
    }

    [Fact]
    public void Unwrap_DamagedEnvelope_IsTakenFromAnotherOne_OrSaidSo()
    {
        using var ring = TestKeys.Ring(TestKeys.Operational, "operational");
        var good = TestKeys.OperationalRecipient.Wrap(_key);
        var wrapped = Convert.FromBase64String(good.WrappedKey);
        using var wrongSize = RSA.Create(TestKeys.Operational.ExportParameters(false));
        KeyEnvelope[] damaged =
        [
            good with { WrappedKey = Convert.ToBase64String(Bytes.Flipped(wrapped, 100)) },
            good with { WrappedKey = "not base64!" },
            good with { WrappedKey = Convert.ToBase64String(wrongSize.Encrypt(new byte[16], RSAEncryptionPadding.OaepSHA256)) },
            good with { WrappedKey = Convert.ToBase64String(wrongSize.Encrypt(new byte[32], RSAEncryptionPadding.OaepSHA1)) },
            good with { Algorithm = "A256KW" },
            good with { Type = "azure-kv" },
        ];

        using var opened = ring.Unwrap([.. damaged, good]);
        opened.Bytes.SequenceEqual(_key.Bytes).ShouldBeTrue();
        foreach (var envelope in damaged)
        {
            Should.Throw<ArchiveException>(() => ring.Unwrap([envelope])).Code.ShouldBe(ErrorCodes.KeyCannotOpen);
        }
    }
}
