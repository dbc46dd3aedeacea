using BackupFunctions.Settings.Tests.Support;

namespace BackupFunctions.Settings.Tests;

public sealed class KeySettingsTests
{
    private const string First = "-----BEGIN PUBLIC KEY-----\nAAAA+/==\n-----END PUBLIC KEY-----";
    private const string Second = "-----BEGIN PUBLIC KEY-----\nBBBB\n-----END PUBLIC KEY-----";

    [Fact]
    public void Keys_NothingGiven_AreEmpty()
    {
        var keys = Given.Settings().Keys;

        keys.Recipients.ShouldBeEmpty();
        keys.SigningKey.ShouldBeNull();
        keys.VerificationKeys.ShouldBeEmpty();
        keys.PrivateKeys.ShouldBeEmpty();
        keys.PrivateKeyPassphrase.ShouldBeNull();
    }

    [Fact]
    public void Keys_Paths_AreFilesInTheirOrder()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["operational.public.pem"], First);
        File.WriteAllText(folder["recovery.public.pem"], Second);

        var keys = Given.Settings(("BACKUP_PUBLIC_KEY_PATHS", $"{folder["operational.public.pem"]}; {folder["recovery.public.pem"]};")).Keys;

        keys.Recipients.Select(source => source.Name).ShouldBe(["operational.public.pem", "recovery.public.pem"]);
        keys.Recipients.Select(source => source.Read()).ShouldBe([First, Second]);
    }

    [Fact]
    public void Keys_Texts_AreCutIntoTheirBlocks()
    {
        var keys = Given.Settings(("BACKUP_VERIFY_KEYS", $"{First}\n{Second}\n")).Keys;

        keys.VerificationKeys.Select(source => source.Read()).ShouldBe([First, Second]);
        keys.VerificationKeys.Select(source => source.Name).ShouldBe(["BACKUP_VERIFY_KEYS[0]", "BACKUP_VERIFY_KEYS[1]"]);
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----")]
    [InlineData(First + "\n-----BEGIN PUBLIC KEY-----\nBB-BB\n-----END PUBLIC KEY-----")]
    public void Keys_TextThatIsNotWholeBlocks_IsRefusedWithoutShowingIt(string text)
    {
        var sentence = Given.Refused(("BACKUP_PRIVATE_KEYS", text));

        sentence.ShouldContain("BACKUP_PRIVATE_KEYS");
        sentence.ShouldNotContain("AAAA");
    }

    [Fact]
    public void Keys_SigningKeyAndPassphrase_AreReadFromFileOrText()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["passphrase"], "correct horse\n");

        var keys = Given.Settings(("BACKUP_SIGNING_KEY", First), ("BACKUP_PRIVATE_KEY_PASSPHRASE_PATH", folder["passphrase"])).Keys;

        keys.SigningKey!.Read().ShouldBe(First);
        keys.PrivateKeyPassphrase!.Read().ShouldBe("correct horse");
    }
}
