using BackupFunctions.Archive.Keys;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

/// <summary>One target's files, the recovery key, and tools of the distribution: no part of this project takes part in opening the backup.</summary>
public sealed class RecoveryKitTests(BaseFixture fixture) : IClassFixture<BaseFixture>
{
    [Fact]
    public async Task PythonScript_ABaseBackup_MakesADataDirectoryThatPgVerifyBackupAccepts()
    {
        using var site = fixture.NewSite();
        using var folder = new TemporaryFolder();
        var backup = await site.BackUpAsync();
        var target = site.Jobs.Site.TargetFolder("c");

        await CommandLine.RunAsync(
            "python3", Path.Combine(target, "recovery-kit", "open-backup.py"), "--backup", site.Jobs.FileOf("c", backup.BackupId, ""),
            "--recovery-file", fixture.Keys[KeyFiles.Recovery], "--out", folder["opened"]);

        var data = Path.Combine(folder["opened"], "data");
        await CommandLine.RunAsync(Path.Combine(fixture.Server.Binaries, "pg_verifybackup"), "-n", data);
        Directory.Exists(Path.Combine(data, "pg_wal", "archive_status")).ShouldBeTrue();
    }
}
