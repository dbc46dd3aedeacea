using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Backup;

[Collection(ServerCollection.Name)]
public sealed class BackupTroubleTests(ServerFixture fixture)
{
    private const string Database = ServerFixture.Invoices;

    [Fact]
    public async Task Backup_WrongPassword_SaysSoWithoutThePassword()
    {
        using var site = fixture.NewSite(Database);
        site.Site.Settings.Remove("Servers__main__PasswordFile");
        site.Site.Settings["Servers__main__Password"] = "wrong-canary";

        var sentence = await FailAsync(site, ErrorCodes.ServerRefusedLogin);

        sentence.ShouldContain("main");
        sentence.ShouldNotContain("wrong-canary");
    }

    [Fact]
    public async Task Backup_ServerDown_SaysWhichServer()
    {
        using var site = fixture.NewSite(Database);
        site.Site.Settings["Servers__main__Port"] = $"{FreePort.Next()}";

        (await FailAsync(site, ErrorCodes.ServerUnreachable)).ShouldContain("main (127.0.0.1:");
    }

    [Fact]
    public async Task Backup_DatabaseNotInTheSettings_SaysSo()
    {
        using var site = fixture.NewSite(Database);

        (await FailAsync(site, ErrorCodes.DatabaseUnknown, "other")).ShouldContain("'other'");
    }

    [Fact]
    public async Task Backup_DatabaseNotOnTheServer_SaysSo()
    {
        using var site = fixture.NewSite(Database, "gone");

        (await FailAsync(site, ErrorCodes.DatabaseUnknown, "gone")).ShouldContain("\"gone\"");
    }

    [Fact]
    public async Task Backup_ToolsMissing_NamesThePackage()
    {
        using var site = fixture.NewSite(Database);
        site.Site.Settings["POSTGRES_BIN"] = site.Site.Folder;

        (await FailAsync(site, ErrorCodes.ToolMissing)).ShouldContain("postgresql-client-15");
    }

    [Fact]
    public async Task Backup_ToolsOlderThanTheServer_NamesThePackage()
    {
        using var site = fixture.NewSite(Database);
        using var tools = new FakeTools(fixture.Server, "14.25");
        site.Site.Settings["POSTGRES_BIN"] = tools.Folder;

        (await FailAsync(site, ErrorCodes.ToolTooOld)).ShouldContain("postgresql-client-15");
    }

    [Fact]
    public async Task Backup_ToolsBelowTheSecurityFloor_WarnsAndSucceeds()
    {
        using var site = fixture.NewSite(Database);
        using var tools = new FakeTools(fixture.Server, "15.1");
        site.Site.Settings["POSTGRES_BIN"] = tools.Folder;

        (await site.BackUpAsync(Database)).Status.ShouldBe(BackupStatus.Verified);

        site.Reporter.Warnings.ShouldContain(warning => warning.Contains("pg_dump 15.1 has published security flaws", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Backup_WorkFolderIsReadOnly_SaysWhichSetting()
    {
        using var site = fixture.NewSite(Database);
        await using var disk = await SmallDisk.MountAsync(256 * 1024);
        await disk.MakeReadOnlyAsync();
        site.Site.Settings["WORK_PATH"] = disk.Path;

        (await FailAsync(site, ErrorCodes.InvalidSettings)).ShouldContain("WORK_PATH");
    }

    [Fact]
    public async Task Backup_RunStoreIsReadOnly_SaysWhichSetting()
    {
        using var site = fixture.NewSite(Database);
        await using var disk = await SmallDisk.MountAsync(256 * 1024);
        await disk.MakeReadOnlyAsync();
        site.Site.Settings["RUN_STORE_PATH"] = disk.Path;

        (await FailAsync(site, ErrorCodes.InvalidSettings)).ShouldContain("RUN_STORE_PATH");
    }

    [Fact]
    public async Task Backup_DiskOfTheDumpFillsUp_SaysSo()
    {
        using var site = fixture.NewSite(Database);
        await using var disk = await SmallDisk.MountAsync(512 * 1024);
        site.Site.Settings["WORK_PATH"] = disk.Path;

        (await FailAsync(site, ErrorCodes.DiskFull)).ShouldContain("No space left on device");

        Directory.EnumerateFileSystemEntries(Path.Combine(disk.Path, "dumps")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Backup_OnlyOneRecipient_Refuses()
    {
        using var site = fixture.NewSite(Database);
        site.Site.Settings["BACKUP_PUBLIC_KEY_PATHS"] = site.Site.Settings["BACKUP_PUBLIC_KEY_PATHS"].Split(';')[0];

        (await FailAsync(site, ErrorCodes.KeyMissing)).ShouldContain("BACKUP_PUBLIC_KEY_PATHS");
    }

    [Fact]
    public async Task Backup_SigningKeyFileMissing_NamesTheFile()
    {
        using var site = fixture.NewSite(Database);
        site.Site.Settings["BACKUP_SIGNING_KEY_PATH"] = "/nowhere/signing.pem";

        (await FailAsync(site, ErrorCodes.KeyMissing)).ShouldContain("/nowhere/signing.pem");
    }

    private static async Task<string> FailAsync(JobSite site, string code, string database = Database)
    {
        var sentence = await site.BackUpAsync(database).ShouldFailWithAsync(code);
        site.FilesAnywhere().ShouldBeEmpty();
        return sentence;
    }
}
