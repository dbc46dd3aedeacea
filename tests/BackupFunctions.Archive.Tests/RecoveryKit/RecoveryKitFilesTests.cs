using System.Text;
using BackupFunctions.Archive.RecoveryKit;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Archive.Tests.RecoveryKit;

public class RecoveryKitFilesTests
{
    [Fact]
    public void All_HoldsInstructionsFormatScriptsAndKey()
    {
        var pem = TestKeys.Signing.ExportSubjectPublicKeyInfoPem();
        var files = RecoveryKitFiles.All(pem).ToDictionary(file => file.Name, file => Encoding.UTF8.GetString(file.Bytes), StringComparer.Ordinal);

        files.Keys.ShouldBe(["README.md", "FORMAT.md", "open-backup.py", "open-backup.sh", "signing.public.pem"]);
        files["signing.public.pem"].ShouldBe(pem);
        files["README.md"].ShouldContain("open-backup.py --backup");
        files["FORMAT.md"].ShouldContain("AES256_GCM_HKDF_1MB");
        files.Values.ShouldAllBe(text => !text.Contains('\r'));
    }

    [Fact]
    public async Task Scripts_AreValidForTheirInterpreters()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, bytes) in RecoveryKitFiles.All(""))
        {
            await File.WriteAllBytesAsync(folder[name], bytes);
        }

        await CommandLine.RunAsync("sh", "-n", folder["open-backup.sh"]);
        await CommandLine.RunAsync(ForeignTools.Python, "-m", "py_compile", folder["open-backup.py"]);
    }
}
