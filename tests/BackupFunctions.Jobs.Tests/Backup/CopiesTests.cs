using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Storage;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Backup;

[Collection(ServerCollection.Name)]
public sealed class CopiesTests(ServerFixture fixture)
{
    private const string Database = ServerFixture.Invoices;

    [Fact]
    public async Task Backup_AllTargetsWork_EveryCopyIsReadBackAndVerified()
    {
        using var site = fixture.NewSite(Database);

        var backup = await site.BackUpAsync(Database);

        backup.Status.ShouldBe(BackupStatus.Verified);
        backup.StatusReason.ShouldBeNull();
        backup.Copies.ShouldAllBe(copy => copy.Written && copy.Verified && copy.Error == null);
        foreach (var target in site.Targets!)
        {
            var stored = Directory.EnumerateFiles(site.FileOf(target.Name, backup.BackupId, ""), "*.tink", SearchOption.AllDirectories).ToList();
            stored.Count.ShouldBe(7);
            target.BytesRead.Where(read => read.Key.EndsWith(".tink", StringComparison.Ordinal)).Sum(read => read.Value)
                .ShouldBe(stored.Sum(file => new FileInfo(file).Length));
        }
    }

    [Fact]
    public async Task Backup_OneTargetsFolderIsAway_TwoCopiesSufficeAndTheMissingOneIsNamed()
    {
        using var site = fixture.NewSite(Database);
        site.Targets = null;
        site.Site.Settings["Targets__b__Path"] = Path.Combine(site.Site.Folder, "not", "mounted");

        var backup = await site.BackUpAsync(Database);

        await ShouldLackOnlyBAsync(site, backup, "not/mounted");
    }

    [Fact]
    public async Task Backup_OneTargetIsFull_TwoCopiesSufficeAndTheMissingOneIsNamed()
    {
        using var site = fixture.NewSite(Database);
        await using var disk = await SmallDisk.MountAsync(512 * 1024);
        site.Targets = null;
        site.Site.Settings["Targets__b__Path"] = disk.Path;

        var backup = await site.BackUpAsync(Database);

        await ShouldLackOnlyBAsync(site, backup, "full");
        Directory.EnumerateFiles(disk.Path, "manifest.*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Backup_OneTargetIsReadOnly_TwoCopiesSufficeAndTheMissingOneIsNamed()
    {
        using var site = fixture.NewSite(Database);
        await using var disk = await SmallDisk.MountAsync(512 * 1024);
        await disk.MakeReadOnlyAsync();
        site.Targets = null;
        site.Site.Settings["Targets__b__Path"] = disk.Path;

        var backup = await site.BackUpAsync(Database);

        await ShouldLackOnlyBAsync(site, backup, "read-only");
    }

    [Fact]
    public async Task Backup_OneTargetDiesInTheMiddle_TwoCopiesSufficeAndItGetsNoManifest()
    {
        using var site = fixture.NewSite(Database);
        site.Target("b").FailCreate = key => key.EndsWith("data/000003.tink", StringComparison.Ordinal) ? Dead("b") : null;

        var backup = await site.BackUpAsync(Database);

        await ShouldLackOnlyBAsync(site, backup, "is dead");
        File.Exists(site.FileOf("b", backup.BackupId, "manifest.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task Backup_TwoOfThreeTargetsAreBroken_FailsAndNothingOfItIsVisibleAnywhere()
    {
        using var site = fixture.NewSite(Database);
        site.Target("b").FailCreate = _ => Dead("b");
        site.Target("c").FailCreate = key => key.EndsWith("contents.tink", StringComparison.Ordinal) ? Dead("c") : null;

        var sentence = await site.BackUpAsync(Database).ShouldFailWithAsync(ErrorCodes.CopiesMissing);

        sentence.ShouldContain("b is dead");
        sentence.ShouldContain("c is dead");
        site.FilesAnywhere().ShouldBeEmpty();
    }

    [Fact]
    public async Task Backup_ManifestReachesTooFewTargets_IsTakenBackWhereItStood()
    {
        using var site = fixture.NewSite(Database);
        site.Target("b").FailCreate = site.Target("c").FailCreate = key => key.EndsWith("manifest.json", StringComparison.Ordinal) ? Dead("b") : null;

        await site.BackUpAsync(Database).ShouldFailWithAsync(ErrorCodes.CopiesMissing);

        site.FilesAnywhere().ShouldBeEmpty();
    }

    [Fact]
    public async Task Backup_Cancelled_LeavesNothing()
    {
        using var site = fixture.NewSite(Database);
        using var cancellation = new CancellationTokenSource();
        site.Target("a").FailCreate = key =>
        {
            if (key.EndsWith("data/000003.tink", StringComparison.Ordinal))
            {
                cancellation.Cancel();
            }

            return null;
        };

        await Should.ThrowAsync<OperationCanceledException>(() => site.BackUpAsync(Database, cancellation.Token));

        site.FilesAnywhere().ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(Path.Combine(site.Site.WorkFolder, "dumps")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("data/000002.tink")]
    [InlineData("globals.tink")]
    [InlineData("manifest.json")]
    public async Task Backup_CopyReadsBackDifferently_IsCompletedWithTheCause(string damaged)
    {
        using var site = fixture.NewSite(Database);
        site.Target("c").Flips = key => key.EndsWith(damaged, StringComparison.Ordinal);

        var backup = await site.BackUpAsync(Database);

        backup.Status.ShouldBe(BackupStatus.Completed);
        backup.StatusReason!.ShouldContain(damaged);
        backup.StatusReason!.ShouldContain("'c'");
        backup.Copies.Single(copy => copy.Target == "c").ShouldSatisfyAllConditions(
            copy => copy.Written.ShouldBeTrue(), copy => copy.Verified.ShouldBeFalse(), copy => copy.Error!.ShouldContain("differs"));
        site.Reporter.Warnings.ShouldContain(warning => warning.Contains("'c' is not verified", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Backup_TargetBreaksWhileItIsReadBack_IsCompletedWithTheCause()
    {
        using var site = fixture.NewSite(Database);
        site.Target("a").FailOpen = key => key.EndsWith("globals.tink", StringComparison.Ordinal) ? new IOException("Input/output error") : null;

        var backup = await site.BackUpAsync(Database);

        backup.Status.ShouldBe(BackupStatus.Completed);
        backup.StatusReason!.ShouldContain("Input/output error");
        site.FilesAnywhere("manifest.json").Count.ShouldBe(3);
    }

    [Fact]
    public async Task Backup_StatementCannotBeStored_IsCompletedAndExists()
    {
        using var site = fixture.NewSite(Database);
        foreach (var target in site.Targets!)
        {
            target.FailCreate = key => key.Contains("/statements/", StringComparison.Ordinal) ? Dead(target.Name) : null;
        }

        var backup = await site.BackUpAsync(Database);

        backup.Status.ShouldBe(BackupStatus.Completed);
        backup.StatusReason!.ShouldContain("could not be stored");
        site.FilesAnywhere("manifest.json").Count.ShouldBe(3);
    }

    private static StorageException Dead(string target) => new(ErrorCodes.TargetUnreachable, target, $"Target {target} is dead.");

    private static async Task ShouldLackOnlyBAsync(JobSite site, Contracts.Jobs.FullBackupResult backup, string cause)
    {
        backup.Status.ShouldBe(BackupStatus.Verified);
        backup.Copies.Where(copy => copy.Verified).Select(copy => copy.Target).ShouldBe(["a", "c"]);
        backup.Copies.Single(copy => copy.Target == "b").ShouldSatisfyAllConditions(
            copy => copy.Written.ShouldBeFalse(), copy => copy.Error!.ShouldContain(cause));
        site.Reporter.Warnings.ShouldContain(warning => warning.Contains("'b' is missing", StringComparison.Ordinal));
        (await site.SelectAsync(Database)).BackupId.ShouldBe(backup.BackupId);
    }
}
