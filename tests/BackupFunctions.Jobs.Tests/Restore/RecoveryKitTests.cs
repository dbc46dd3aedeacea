using BackupFunctions.Archive.Keys;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Restore;

/// <summary>One target's files, the recovery key, and tools of the distribution: no part of this project takes part in opening the backup.</summary>
[Collection(ServerCollection.Name)]
public sealed class RecoveryKitTests(ServerFixture fixture)
{
    [Fact]
    public async Task PythonScript_WithTheRecoveryFile_OpensABackupThatPgRestoreAccepts()
    {
        await OpenAndRestoreAsync((kit, backup, output) => CommandLine.RunAsync(
            "python3", Path.Combine(kit, "open-backup.py"), "--backup", backup, "--recovery-file", fixture.Keys[KeyFiles.Recovery], "--out", output));
    }

    [Fact]
    public async Task ShellScript_WithOpenSslAndTheRecoveryKey_OpensABackupThatPgRestoreAccepts()
    {
        await OpenAndRestoreAsync((kit, backup, output) => CommandLine.RunAsync(
            "sh", Path.Combine(kit, "open-backup.sh"), backup, fixture.Keys[KeyFiles.RecoveryPrivate], fixture.Keys[KeyFiles.SigningPublic], output));
    }

    private async Task OpenAndRestoreAsync(Func<string, string, string, Task<string>> open)
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        using var folder = new TemporaryFolder();
        var kit = folder["kit"];
        var backup = folder["backup"];
        await CommandLine.RunAsync("cp", "-r", Path.Combine(site.Site.TargetFolder("c"), "recovery-kit"), kit);
        await CommandLine.RunAsync("cp", "-r", site.FileOf("c", backupId, ""), backup);

        (await open(kit, backup, folder["opened"])).ShouldContain("signature good");

        var dump = Path.Combine(folder["opened"], "dump");
        (await PgRestoreAsync("--list", dump)).ShouldContain("TABLE DATA public payroll_secret_table");
        var database = await fixture.NewDatabaseAsync("select 1");
        await PgRestoreAsync(
            "--exit-on-error", "--jobs=2", "--dbname", $"host=127.0.0.1 port={fixture.Server.Port} user=postgres dbname={database}", dump);
        (await fixture.Server.ScalarAsync<long>("select count(*) from lines1", database)).ShouldBe(22000);
        (await DatabaseImage.TakeAsync(fixture.Server, database)).Dump.ShouldBe((await DatabaseImage.TakeAsync(fixture.Server, ServerFixture.Invoices)).Dump);
    }

    private Task<string> PgRestoreAsync(params string[] arguments) => CommandLine.RunAsync(
        "env", [$"PGPASSWORD={PostgresServer.SuperuserPassword}", Path.Combine(fixture.Server.Binaries, "pg_restore"), .. arguments]);
}
