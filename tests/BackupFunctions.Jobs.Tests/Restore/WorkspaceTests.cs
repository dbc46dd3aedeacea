using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Restore;

[Collection(ServerCollection.Name)]
public sealed class WorkspaceTests(ServerFixture fixture)
{
    [Fact]
    public async Task Fetch_OfAnotherBackupIntoTheSameWorkspace_LeavesNothingOfTheFirst()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        await site.FetchAsync(backupId);
        File.WriteAllText(Path.Combine(Folder(site), "dump", "stray"), "of the first backup");
        var other = await site.BackUpAsync(ServerFixture.Invoices);

        await site.FetchAsync(other.BackupId);

        File.Exists(Path.Combine(Folder(site), "dump", "stray")).ShouldBeFalse();
        (await site.RestoreAsync(other.BackupId)).Rows.ShouldBe(other.Rows);
    }

    [Fact]
    public async Task Fetch_FileOfTheDumpHasVanishedMeanwhile_FailsOnceAndThenFetchesItAnew()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        await site.FetchAsync(backupId);
        File.Delete(Directory.EnumerateFiles(Path.Combine(Folder(site), "dump")).MaxBy(file => new FileInfo(file).Length)!);

        await site.FetchAsync(backupId).ShouldFailWithAsync(ErrorCodes.ObjectDamaged);

        await site.FetchAsync(backupId);
        (await site.RestoreAsync(backupId)).Rows.ShouldBe(88100);
    }

    [Fact]
    public async Task Fetch_WhileAnotherJobUsesTheWorkspace_Refuses()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        using var held = RestoreWorkspace.Open(site.ReadSettings(), site.RestoreId);

        (await site.FetchAsync(backupId).ShouldFailWithAsync(ErrorCodes.InvalidSettings)).ShouldContain(site.RestoreId);
    }

    [Fact]
    public async Task Restore_WithoutAFetchedBackup_SaysHowToGetIt()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;

        await site.RestoreAsync(backupId).ShouldFailWithAsync(ErrorCodes.ObjectAbsent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../outside")]
    [InlineData("with space")]
    [InlineData("a123456789b123456789c123456789d123456789e123456789f123")]
    public void Open_IdThatIsNone_IsRefused(string restoreId)
    {
        using var site = fixture.NewSite();

        Should.Throw<PgdrException>(() => RestoreWorkspace.Open(site.ReadSettings(), restoreId)).Code.ShouldBe(ErrorCodes.InvalidSettings);
    }

    [Fact]
    public async Task Folders_AreForThisAccountOnly()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        await site.FetchAsync(backupId);

        foreach (var folder in new[] { Path.GetDirectoryName(Folder(site))!, Folder(site), Path.Combine(Folder(site), "dump") })
        {
            File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Sweep_FoldersUnusedForAWeek_AreRemovedUnlessAJobHoldsThem()
    {
        using var site = fixture.NewSite();
        var settings = site.ReadSettings();
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var parent = Path.Combine(site.Site.WorkFolder, "restores");
        foreach (var (name, age) in new[] { ("old", 8), ("used", 8), ("young", 6) })
        {
            Directory.CreateDirectory(Path.Combine(parent, name, "dump"));
            Directory.SetLastWriteTimeUtc(Path.Combine(parent, name, "dump"), now.AddDays(-age));
            Directory.SetLastWriteTimeUtc(Path.Combine(parent, name), now.AddDays(-age));
        }

        using (RestoreWorkspace.Open(settings, "used"))
        {
            WorkspaceSweep.Run(settings, TimeProvider.System);
        }

        Directory.EnumerateDirectories(parent).Select(Path.GetFileName).ShouldBe(["used", "young"], ignoreOrder: true);
    }

    private static string Folder(JobSite site) => Path.Combine(site.Site.WorkFolder, "restores", site.RestoreId);
}
