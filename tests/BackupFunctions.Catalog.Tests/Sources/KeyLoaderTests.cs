using BackupFunctions.Archive.Keys;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.Settings;

namespace BackupFunctions.Catalog.Tests.Sources;

public sealed class KeyLoaderTests(TestKeys keys) : IClassFixture<TestKeys>
{
    private static readonly KeySettings None = new() { Recipients = [], VerificationKeys = [], PrivateKeys = [] };

    [Fact]
    public void Recipients_TwoKeys_AreNamedByTheirFiles()
    {
        var recipients = KeyLoader.Recipients(None with { Recipients = [File(KeyFiles.OperationalPublic), File(KeyFiles.RecoveryPublic)] });

        recipients.Select(recipient => recipient.Name).ShouldBe(["operational", "recovery"]);
    }

    [Fact]
    public void Recipients_OneKey_IsRefused() => Missing(
        () => KeyLoader.Recipients(None with { Recipients = [File(KeyFiles.OperationalPublic)] }), "BACKUP_PUBLIC_KEY_PATHS");

    [Fact]
    public void Recipients_TheSameKeyTwice_IsOneKeyAndRefused() => Missing(
        () => KeyLoader.Recipients(None with { Recipients = [File(KeyFiles.OperationalPublic), File(KeyFiles.OperationalPublic)] }),
        "BACKUP_PUBLIC_KEY_PATHS");

    [Fact]
    public void Signing_Configured_IsThatKey()
    {
        using var signing = KeyLoader.Signing(None with { SigningKey = File(KeyFiles.SigningPrivate) });

        signing.KeyId.ShouldBe(keys.Own.KeyId);
    }

    [Fact]
    public void Signing_None_SaysWhichSetting() => Missing(() => KeyLoader.Signing(None), "BACKUP_SIGNING_KEY_PATH");

    [Fact]
    public void Verification_Configured_ContainsThatKey() =>
        KeyLoader.Verification(None with { VerificationKeys = [File(KeyFiles.SigningPublic)] }).KeyIds.ShouldBe([keys.Own.KeyId]);

    [Fact]
    public void Verification_None_SaysWhichSetting() => Missing(() => KeyLoader.Verification(None), "BACKUP_VERIFY_KEY_PATHS");

    [Fact]
    public void Private_BothRoles_AreInTheRing()
    {
        using var ring = KeyLoader.Private(None with { PrivateKeys = [File(KeyFiles.OperationalPrivate), File(KeyFiles.RecoveryPrivate)] });

        ring.KeyIds.Count.ShouldBe(2);
    }

    [Fact]
    public void Private_None_SaysWhichSetting() => Missing(() => KeyLoader.Private(None), "BACKUP_PRIVATE_KEY_PATHS");

    private static void Missing(Func<object> load, string setting)
    {
        var failure = Should.Throw<PgdrException>(load);
        failure.Code.ShouldBe(ErrorCodes.KeyMissing);
        failure.Message.ShouldContain(setting);
    }

    private SecretSource File(string name) => SecretSource.FromFile(keys.PathOf(name));
}
