using BackupFunctions.Archive.Keys;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Restore;

[Collection(ServerCollection.Name)]
public sealed class SelectBackupJobTests(ServerFixture fixture)
{
    private const string Database = ServerFixture.Invoices;

    [Fact]
    public async Task Select_GoodBackup_SaysWhatWasChecked()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;

        var selected = await site.SelectAsync(Database);

        selected.BackupId.ShouldBe(backupId);
        selected.TargetServer.ShouldBe("main");
        selected.ReadableTargets.ShouldBe(["a", "b", "c"]);
        selected.Checks.Count.ShouldBe(9);
        selected.Checks.ShouldContain("server 'main' has what the database uses (1 extensions)", StringComparer.Ordinal);
        selected.Checks.ShouldContain("not by log: Storage has no base backup of server 'main': take one with 'pgdr backup run main --kind base'", StringComparer.Ordinal);
        selected.Checks.ShouldContain(check => check.StartsWith("read from a ("));
        site.Reporter.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("20200101T000000000Z-00000000", "No target holds")]
    [InlineData("../../etc", "is not a backup id")]
    public async Task Select_NoSuchBackup_SaysSo(string backupId, string cause)
    {
        var (site, _) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;

        (await site.SelectAsync(Database, backupId).ShouldFailWithAsync(ErrorCodes.BackupUnknown)).ShouldContain(cause);
    }

    [Fact]
    public async Task Select_BackupOfAnotherDatabase_SaysWhose()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;

        (await site.SelectAsync("postgres", backupId).ShouldFailWithAsync(ErrorCodes.BackupUnknown)).ShouldContain($"'{Database}'");
    }

    [Fact]
    public async Task Select_NoBackupAtAll_NamesUnreadableTargetsToo()
    {
        using var site = fixture.NewSite(Database);

        (await site.SelectAsync(Database).ShouldFailWithAsync(ErrorCodes.BackupUnknown)).ShouldContain("does not exist");
    }

    [Fact]
    public async Task Select_OnlyAnUnverifiedBackup_IsUsedWhenNamedOnly()
    {
        var database = await fixture.NewDatabaseAsync("create table t (a int)");
        using var site = fixture.NewSite(database);
        site.Target("c").Flips = key => key.EndsWith("globals.tink", StringComparison.Ordinal);
        var backup = await site.BackUpAsync(database);

        (await site.SelectAsync(database).ShouldFailWithAsync(ErrorCodes.BackupUnknown)).ShouldContain(backup.BackupId);

        (await site.SelectAsync(database, backup.BackupId)).Status.ShouldBe(BackupStatus.Completed);
    }

    [Fact]
    public async Task Select_OneTargetIsAway_UsesTheOthers()
    {
        var (site, _) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        site.Targets = null;
        Directory.Move(site.Site.TargetFolder("a"), site.Site.TargetFolder("a") + ".away");

        (await site.SelectAsync(Database)).ReadableTargets.ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task Select_TargetFailsToServeARange_IsReadLastAndWarned()
    {
        var (site, _) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        site.Target("a").ReadLimit = key => key.EndsWith(".tink", StringComparison.Ordinal) ? 1 : long.MaxValue;

        var selected = await site.SelectAsync(Database);

        selected.ReadableTargets.ShouldBe(["b", "c", "a"]);
        selected.Checks.ShouldContain(check => check.StartsWith("read from a FAILED, b ("));
        site.Reporter.Warnings.ShouldContain(warning => warning.StartsWith("Target a failed the check 'ranged-read'"));
    }

    [Fact]
    public async Task Select_TargetHangs_IsReadLastAfterTheLimit()
    {
        var (site, _) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        using var hang = new ManualResetEventSlim();
        site.Target("b").BeforeList = prefix =>
        {
            // As only this check lists.
            if (prefix.EndsWith(".tink", StringComparison.Ordinal))
            {
                hang.Wait();
            }
        };

        var selected = await site.SelectAsync(Database, readCheckLimit: TimeSpan.FromSeconds(3));

        hang.Set();
        selected.ReadableTargets.ShouldBe(["a", "c", "b"]);
        site.Reporter.Warnings.ShouldContain(warning => warning.Contains("did not answer within 3 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Select_EveryTargetFailsTheCheck_DoesNotBlockTheRecovery()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        foreach (var target in site.Targets!)
        {
            target.ReadLimit = key => key.EndsWith(".tink", StringComparison.Ordinal) ? 1 : long.MaxValue;
        }

        var selected = await site.SelectAsync(Database);

        (selected.BackupId, selected.ReadableTargets.Count).ShouldBe((backupId, 3));
        selected.Checks.ShouldContain(check => check.StartsWith("what the database needs of a server is looked at before the restore", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Select_EveryTargetIsAway_NamesThem()
    {
        var (site, _) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        site.Targets = null;
        foreach (var target in BackupSite.TargetNames)
        {
            Directory.Move(site.Site.TargetFolder(target), site.Site.TargetFolder(target) + ".away");
        }

        var sentence = await site.SelectAsync(Database).ShouldFailWithAsync(ErrorCodes.BackupUnknown);

        BackupSite.TargetNames.ShouldAllBe(target => sentence.Contains($"Target {target} is unreachable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Select_ObjectMissingInEveryCopy_NamesIt()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        foreach (var target in BackupSite.TargetNames)
        {
            File.Delete(site.FileOf(target, backupId, "data/000002.tink"));
        }

        (await site.SelectAsync(Database).ShouldFailWithAsync(ErrorCodes.CopiesMissing)).ShouldContain("data/000002.tink");
    }

    [Fact]
    public async Task Select_KeyOfAnotherInstallation_SaysWhichKeysOpenTheBackup()
    {
        var (site, _) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        site.Site.Settings["BACKUP_PRIVATE_KEY_PATHS"] = fixture.OtherKeys[KeyFiles.OperationalPrivate];

        var sentence = await site.SelectAsync(Database).ShouldFailWithAsync(ErrorCodes.KeyCannotOpen);

        sentence.ShouldContain("operational");
        sentence.ShouldContain("recovery");
    }

    [Fact]
    public async Task Select_KeyFileThatIsNoKey_NamesTheFile()
    {
        var (site, _) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        site.Site.Settings["BACKUP_PRIVATE_KEY_PATHS"] = fixture.Keys[KeyFiles.OperationalPublic];

        (await site.SelectAsync(Database).ShouldFailWithAsync(ErrorCodes.InvalidSettings)).ShouldContain("operational");
    }

    [Fact]
    public async Task Select_ManifestAlteredEverywhere_IsRefused()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        AlterManifest(site, backupId, BackupSite.TargetNames);

        await site.SelectAsync(Database, backupId).ShouldFailWithAsync(ErrorCodes.ManifestAltered);
        (await site.SelectAsync(Database).ShouldFailWithAsync(ErrorCodes.BackupUnknown)).ShouldContain(backupId);
    }

    [Fact]
    public async Task Select_ManifestAlteredOnOneTarget_TheOthersStillCount()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        AlterManifest(site, backupId, ["a"]);

        (await site.SelectAsync(Database)).BackupId.ShouldBe(backupId);
    }

    [Fact]
    public async Task Select_SignedByAnUnknownKey_IsRefused()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        site.Site.Settings["BACKUP_VERIFY_KEY_PATHS"] = fixture.OtherKeys[KeyFiles.SigningPublic];

        await site.SelectAsync(Database, backupId).ShouldFailWithAsync(ErrorCodes.SignerUnknown);
    }

    [Fact]
    public async Task Select_ServerDown_SaysWhich()
    {
        var (site, _) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        site.Site.Settings["Servers__main__Port"] = $"{FreePort.Next()}";

        (await site.SelectAsync(Database).ShouldFailWithAsync(ErrorCodes.ServerUnreachable)).ShouldContain("main");
    }

    [Fact]
    public async Task Select_ServerNotInTheSettings_SaysWhatToAdd()
    {
        var (site, _) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;

        (await site.SelectAsync(Database, targetServer: "other").ShouldFailWithAsync(ErrorCodes.InvalidSettings)).ShouldContain("Servers__other__Host");
    }

    [Fact]
    public async Task Select_ToolsTooOld_NamesThePackage()
    {
        var (site, _) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        using var tools = new FakeTools(fixture.Server, "14.25");
        site.Site.Settings["POSTGRES_BIN"] = tools.Folder;

        (await site.SelectAsync(Database).ShouldFailWithAsync(ErrorCodes.ToolTooOld)).ShouldContain("postgresql-client-15");
    }

    [Fact]
    public async Task Select_ToolsBelowTheSecurityFloor_WarnsAndGoesOn()
    {
        var (site, _) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        using var tools = new FakeTools(fixture.Server, "15.1");
        site.Site.Settings["POSTGRES_BIN"] = tools.Folder;

        await site.SelectAsync(Database);

        site.Reporter.Warnings.ShouldContain(warning => warning.Contains("pg_restore 15.1 has published security flaws", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Select_DiskTooSmall_SaysHowMuchIsNeeded()
    {
        var (site, _) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        await using var disk = await SmallDisk.MountAsync(1024 * 1024);
        site.Site.Settings["WORK_PATH"] = disk.Path;

        (await site.SelectAsync(Database).ShouldFailWithAsync(ErrorCodes.DiskFull)).ShouldContain("WORK_PATH");
    }

    private static void AlterManifest(JobSite site, string backupId, IEnumerable<string> targets)
    {
        foreach (var target in targets)
        {
            var file = site.FileOf(target, backupId, "manifest.json");
            File.WriteAllText(file, File.ReadAllText(file).Replace(Database, "evoices!", StringComparison.Ordinal));
        }
    }
}
