using System.Text;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Archive.Tests.Keys;

public sealed class KeyFilesTests(GeneratedKeys generated) : IClassFixture<GeneratedKeys>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Create_NewFolder_GivesKeysThatWorkTogether()
    {
        var folder = generated.Folder;

        generated.Files.Select(Path.GetFileName).ShouldBe(
        [
            "operational.private.pem", "operational.public.pem", "recovery.private.pem", "recovery.public.pem",
            "signing.private.pem", "signing.public.pem", "recovery.json",
        ]);
        using var key = DataKey.Create();
        using var ring = new PrivateKeyRing();
        ring.Add(Text(folder, "operational.private.pem"), "operational");
        using var operational = ring.Unwrap([RecipientKey.FromPem(Text(folder, "operational.public.pem"), "operational").Wrap(key)]);
        operational.Bytes.SequenceEqual(key.Bytes).ShouldBeTrue();

        var recovery = RecoveryFile.Read(Path.Combine(folder, "recovery.json"));
        using var recoveryRing = recovery.OpenPrivateKeys();
        using var recovered = recoveryRing.Unwrap([RecipientKey.FromPem(Text(folder, "recovery.public.pem"), "recovery").Wrap(key)]);
        recovered.Bytes.SequenceEqual(key.Bytes).ShouldBeTrue();
        using var signing = SigningKey.FromPem(Text(folder, "signing.private.pem"));
        recovery.OpenVerificationKeys().FindSigner("data"u8, signing.Sign("data"u8)).ShouldBe(signing.KeyId);
        VerificationKeyRing.FromPems(Text(folder, "signing.public.pem")).Contains(signing.KeyId).ShouldBeTrue();
    }

    [Fact]
    public void Create_PrivateFiles_AreReadableByTheOwnerOnly()
    {
        Mode(generated.Folder).ShouldBe("700");
        foreach (var file in generated.Files)
        {
            Mode(file).ShouldBe(file.EndsWith(".public.pem", StringComparison.Ordinal) ? "644" : "600", file);
        }
    }

    [Theory]
    [InlineData("signing.public.pem")]
    [InlineData("recovery.json")]
    public void Create_OneFileExists_OverwritesAndWritesNothing(string existing)
    {
        File.WriteAllText(_folder[existing], "mine");

        var failure = Should.Throw<ArchiveException>(() => KeyFiles.Create(_folder.Path, rsaBits: 3072));

        failure.Code.ShouldBe(ErrorCodes.InvalidSettings);
        failure.Message.ShouldContain("never overwritten");
        File.ReadAllText(_folder[existing]).ShouldBe("mine");
        Directory.GetFiles(_folder.Path).Length.ShouldBe(1);
    }

    [Fact]
    public void Create_WithPassphrase_EncryptsRecipientsAndRecoveryFile()
    {
        KeyFiles.Create(_folder.Path, "open sesame", rsaBits: 3072);
        var recovery = RecoveryFile.Read(_folder["recovery.json"]);

        Text(_folder.Path, "recovery.private.pem").ShouldContain("BEGIN ENCRYPTED PRIVATE KEY");
        recovery.RecoveryPrivateKey.ShouldContain("BEGIN ENCRYPTED PRIVATE KEY");
        Should.Throw<ArchiveException>(() => recovery.OpenPrivateKeys("wrong"));
        using var ring = recovery.OpenPrivateKeys("open sesame");
        ring.KeyIds.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Create_PublicFiles_AreReadByOpenssl()
    {
        using var signing = SigningKey.FromPem(Text(generated.Folder, "signing.private.pem"));
        await File.WriteAllTextAsync(_folder["data"], "signed text");
        await File.WriteAllBytesAsync(_folder["data.sig"], signing.Sign(Encoding.UTF8.GetBytes("signed text")));

        var answer = await CommandLine.RunAsync(
            "openssl", "dgst", "-sha256", "-verify", Path.Combine(generated.Folder, "signing.public.pem"), "-signature", _folder["data.sig"], _folder["data"]);

        answer.ShouldContain("Verified OK");
        (await CommandLine.RunAsync("openssl", "pkey", "-in", Path.Combine(generated.Folder, "recovery.private.pem"), "-check", "-noout")).ShouldContain("valid");
    }

    [Fact]
    public void Create_FolderCannotBeMade_SaysSo()
    {
        File.WriteAllText(_folder["file"], "");

        Should.Throw<ArchiveException>(() => KeyFiles.Create(_folder["file/keys"], rsaBits: 3072)).Message.ShouldContain("cannot be made");
        Should.Throw<ArchiveException>(() => new RecoveryFile { Format = "", RecoveryPrivateKey = "", VerificationKeys = [] }.Write(_folder["file"]))
            .Message.ShouldContain("cannot be written");
    }

    [Fact]
    public void RecoveryFile_Absent_SaysSo() =>
        Should.Throw<ArchiveException>(() => RecoveryFile.Read(_folder["recovery.json"])).Code.ShouldBe(ErrorCodes.KeyMissing);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"format":"pgdr-recovery/2","recovery_private_key":"secret","verification_keys":["k"]}""")]
    [InlineData("""{"format":"pgdr-recovery/1","recovery_private_key":"secret","verification_keys":[]}""")]
    [InlineData("""{"format":"pgdr-recovery/1","recovery_private_key":null,"verification_keys":["secret"]}""")]
    [InlineData("""{"format":"pgdr-recovery/1","recovery_private_key":"secret","verification_keys":[null]}""")]
    [InlineData("""{"format":"pgdr-recovery/1","recovery_private_key":secret""")]
    public void RecoveryFile_OtherContent_RefusesAndShowsNothingOfIt(string json)
    {
        File.WriteAllText(_folder["recovery.json"], json);

        var failure = Should.Throw<ArchiveException>(() => RecoveryFile.Read(_folder["recovery.json"]));

        failure.Code.ShouldBe(ErrorCodes.InvalidSettings);
        failure.ToString().ShouldNotContain("secret");
    }

    private static string Text(string folder, string name) => File.ReadAllText(Path.Combine(folder, name));

    private static string Mode(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Modes are checked on Unix.");
        }

        return Convert.ToString((int)File.GetUnixFileMode(path), 8);
    }
}
