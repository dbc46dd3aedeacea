using System.Security.Cryptography;
using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Tests.Support;

namespace BackupFunctions.Archive.Tests.RecoveryKit;

/// <summary>Both scripts of the kit against backups that the library wrote, in processes that see nothing of the project.</summary>
public class OpenBackupTests
{
    private static readonly Dictionary<string, string> NoEnvironment = new(StringComparer.Ordinal);

    public static TheoryData<string, CompressionMethod> Both => new()
    {
        { "py", CompressionMethod.Zstd },
        { "py", CompressionMethod.Gzip },
        { "sh", CompressionMethod.Zstd },
        { "sh", CompressionMethod.Gzip },
    };

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Script_GoodBackup_RebuildsTheDumpFolder(string script, CompressionMethod method)
    {
        using var backup = await BackupFolder.CreateAsync(method);

        var (exitCode, output) = await OpenAsync(backup, script);

        exitCode.ShouldBe(0, output);
        output.ShouldContain("signature good");
        await backup.ShouldHaveOpenedToAsync(backup["out/dump"]);
        (await File.ReadAllTextAsync(backup["out/contents.json"])).ShouldContain("\"roles\"");
    }

    [Fact]
    public async Task Python_RecoveryFile_IsEnough()
    {
        using var backup = await BackupFolder.CreateAsync(CompressionMethod.Zstd);

        var (exitCode, output) = await ForeignTools.RunAsync(
            backup.Path, NoEnvironment, ForeignTools.Python, "kit/open-backup.py", "--backup", "backup", "--recovery-file", "recovery.json", "--out", "out");

        exitCode.ShouldBe(0, output);
        await backup.ShouldHaveOpenedToAsync(backup["out/dump"]);
    }

    [Fact]
    public async Task Python_EncryptedKey_OpensWithItsPassphrase()
    {
        using var backup = await BackupFolder.CreateAsync(CompressionMethod.Zstd);
        var pbe = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        await File.WriteAllTextAsync(backup["recovery.private.pem"], TestKeys.Recovery.ExportEncryptedPkcs8PrivateKeyPem("open sesame", pbe));

        var (exitCode, output) = await OpenAsync(
            backup, "py", new Dictionary<string, string>(StringComparer.Ordinal) { ["PGDR_KEY_PASSPHRASE"] = "open sesame" });

        exitCode.ShouldBe(0, output);
    }

    [Fact]
    public async Task Shell_WithoutJq_ReadsJsonWithPython()
    {
        await ForeignTools.EnsureAsync();
        using var backup = await BackupFolder.CreateAsync(CompressionMethod.Zstd);
        Directory.CreateDirectory(backup["bin"]);
        foreach (var tool in new[]
        {
            "openssl", "zstd", "tar", "python3", "od", "tr", "cut", "head", "stat", "dd", "mktemp", "rm", "mkdir", "dirname", "touch", "cat", "wc",
        })
        {
            File.CreateSymbolicLink(backup[$"bin/{tool}"], $"/usr/bin/{tool}");
        }

        var (exitCode, output) = await OpenAsync(
            backup, "sh", new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = backup["bin"] });

        exitCode.ShouldBe(0, output);
        await backup.ShouldHaveOpenedToAsync(backup["out/dump"]);
    }

    [Theory]
    [InlineData("py")]
    [InlineData("sh")]
    public async Task Script_RewrappedKey_OpensWithTheStatement(string script)
    {
        using var backup = await BackupFolder.CreateAsync(CompressionMethod.Zstd);
        using var fresh = RSA.Create(3072);
        await backup.WriteRewrappedAsync(RecipientKey.FromPem(fresh.ExportSubjectPublicKeyInfoPem(), "fresh"));
        await File.WriteAllTextAsync(backup["recovery.private.pem"], fresh.ExportPkcs8PrivateKeyPem());

        var (failed, reason) = await OpenAsync(backup, script);
        failed.ShouldNotBe(0);
        reason.ShouldContain("does not open the backup");

        string[] statement = script is "py" ? ["--statement", "rewrapped.json"] : ["rewrapped.json"];
        var (exitCode, output) = await OpenAsync(backup, script, NoEnvironment, statement);
        exitCode.ShouldBe(0, output);
        await backup.ShouldHaveOpenedToAsync(backup["out/dump"]);
    }

    [Theory]
    [InlineData("py", "backup/manifest.json", "not signed")]
    [InlineData("sh", "backup/manifest.json", "not signed")]
    [InlineData("py", "backup/manifest.sig", "not signed")]
    [InlineData("sh", "backup/manifest.sig", "not signed")]
    [InlineData("py", "backup/contents.tink", "damaged")]
    [InlineData("sh", "backup/contents.tink", "damaged")]
    [InlineData("py", "backup/data/000003.tink", "damaged")]
    [InlineData("sh", "backup/data/000003.tink", "damaged")]
    public async Task Script_OneByteFlipped_WritesNothing(string script, string file, string cause)
    {
        using var backup = await BackupFolder.CreateAsync(CompressionMethod.Zstd);
        var bytes = await File.ReadAllBytesAsync(backup[file]);
        await File.WriteAllBytesAsync(backup[file], Bytes.Flipped(bytes, bytes.Length / 2));

        var (exitCode, output) = await OpenAsync(backup, script);

        exitCode.ShouldNotBe(0);
        output.ShouldContain(cause);
        Directory.Exists(backup["out/dump"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("py")]
    [InlineData("sh")]
    public async Task Script_PathOutsideOfTheFolder_Refuses(string script)
    {
        using var backup = await BackupFolder.CreateAsync(
            CompressionMethod.Zstd, part => part.Path is null ? part : part with { Path = "../../escape" });

        var (exitCode, output) = await OpenAsync(backup, script);

        exitCode.ShouldNotBe(0);
        output.ShouldContain("path outside");
        File.Exists(backup["escape"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("py")]
    [InlineData("sh")]
    public async Task Script_OtherSigningKey_Refuses(string script)
    {
        using var backup = await BackupFolder.CreateAsync(CompressionMethod.Zstd);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(backup["signing.public.pem"], other.ExportSubjectPublicKeyInfoPem());

        var (exitCode, output) = await OpenAsync(backup, script);

        exitCode.ShouldNotBe(0);
        output.ShouldContain("not signed by the key you trust");
    }

    [Theory]
    [InlineData("py", "does not match its tag")]
    [InlineData("sh", "does not decompress")]
    public async Task Script_ByteFlippedBeforeTheHashWasTaken_IsFoundAllTheSame(string script, string cause)
    {
        using var backup = await BackupFolder.CreateAsync(CompressionMethod.Zstd);
        const string Name = "data/000003.tink";
        var bytes = Bytes.Flipped(await File.ReadAllBytesAsync(backup[$"backup/{Name}"]), 100_000);
        await File.WriteAllBytesAsync(backup[$"backup/{Name}"], bytes);
        await backup.SignManifestAsync(manifest => manifest with
        {
            Objects = [.. manifest.Objects.Select(item =>
                item.Name is Name ? item with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) } : item)],
        });

        var (exitCode, output) = await OpenAsync(backup, script);

        exitCode.ShouldNotBe(0);
        output.ShouldContain(cause);
    }

    private static Task<(int ExitCode, string Output)> OpenAsync(BackupFolder backup, string script) => OpenAsync(backup, script, NoEnvironment);

    private static Task<(int ExitCode, string Output)> OpenAsync(
        BackupFolder backup, string script, IReadOnlyDictionary<string, string> environment, params string[] more) => script is "py"
        ? ForeignTools.RunAsync(backup.Path, environment, ForeignTools.Python, [
            "kit/open-backup.py", "--backup", "backup", "--key", "recovery.private.pem", "--verify-key", "signing.public.pem", "--out", "out", .. more])
        : ForeignTools.RunAsync(backup.Path, environment, "/bin/sh", [
            "kit/open-backup.sh", "backup", "recovery.private.pem", "signing.public.pem", "out", .. more]);
}
