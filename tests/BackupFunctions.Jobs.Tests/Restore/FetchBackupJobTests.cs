using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Storage;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Restore;

[Collection(ServerCollection.Name)]
public sealed class FetchBackupJobTests(ServerFixture fixture)
{
    [Fact]
    public async Task Fetch_StartedAgainAfterItBrokeOff_ReadsNothingAgainThatWasComplete()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        // Four objects are fetched at a time, so one is complete by the time the fifth is opened.
        foreach (var target in site.Targets!)
        {
            target.FailOpen = key => key.EndsWith("data/000005.tink", StringComparison.Ordinal)
                ? new StorageException(ErrorCodes.TargetUnreachable, target.Name, $"Target {target.Name} is away.")
                : null;
        }

        await site.FetchAsync(backupId).ShouldFailWithAsync(ErrorCodes.TargetUnreachable);
        var complete = Marks(site);
        complete.ShouldContain("contents.tink", StringComparer.Ordinal);
        complete.Count.ShouldBeInRange(2, 5);
        foreach (var target in site.Targets!)
        {
            target.FailOpen = _ => null;
            target.BytesRead.Clear();
        }

        var fetched = await site.FetchAsync(backupId);

        var read = site.Targets!.SelectMany(target => target.BytesRead.Keys).Select(key => key.Split('/')[^1]).ToList();
        read.Intersect(complete.Select(mark => mark.Replace("data_", "", StringComparison.Ordinal)), StringComparer.Ordinal).ShouldBeEmpty();
        fetched.Reused.ShouldBeGreaterThan(0);
        fetched.Downloaded.ShouldBe(site.Targets!.Sum(target => target.BytesRead.Where(pair => pair.Key.EndsWith(".tink", StringComparison.Ordinal)).Sum(pair => pair.Value)));
        (await site.RestoreAsync(backupId)).Rows.ShouldBe(88100);
    }

    [Fact]
    public async Task Fetch_OrderOfTheCheckBefore_IsReadInThatOrder()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;

        var fetched = await site.FetchAsync(backupId, order: ["c", "a"]);

        fetched.Targets.Keys.ShouldBe(["c"]);
    }

    [Fact]
    public async Task Fetch_CancelledInTheMiddleOfAnObject_GoesOnToAnIdenticalRestore()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        using var cancellation = new CancellationTokenSource();
        site.Target("a").AfterRead = key =>
        {
            if (key.EndsWith("data/000004.tink", StringComparison.Ordinal))
            {
                cancellation.Cancel();
            }
        };
        await Should.ThrowAsync<OperationCanceledException>(() => site.FetchAsync(backupId, cancellation.Token));
        site.Target("a").AfterRead = _ => { };

        await site.FetchAsync(backupId);

        (await site.RestoreAsync(backupId)).Rows.ShouldBe(88100);
    }

    [Theory]
    [InlineData("data/000001.tink")]
    [InlineData("data/000005.tink")]
    [InlineData("contents.tink")]
    public async Task Fetch_OneCopyIsDamaged_TakesAnotherAndSaysSo(string damaged)
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        site.Flip("a", backupId, damaged);

        var fetched = await site.FetchAsync(backupId);

        fetched.Targets.ContainsKey("b").ShouldBeTrue();
        site.Reporter.Failovers.ShouldContain(sentence => sentence.StartsWith($"{damaged} from a is damaged", StringComparison.Ordinal));
        (await site.RestoreAsync(backupId)).Rows.ShouldBe(88100);
    }

    [Fact]
    public async Task Fetch_OneCopyIsTruncated_TakesAnotherAndSaysSo()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        Truncate(site.FileOf("a", backupId, "data/000002.tink"));

        await site.FetchAsync(backupId);

        site.Reporter.Failovers.ShouldContain(sentence => sentence.Contains("from a to b", StringComparison.Ordinal));
        (await site.RestoreAsync(backupId)).Rows.ShouldBe(88100);
    }

    [Fact]
    public async Task Fetch_EveryCopyIsDamaged_FailsAndTheDatabaseIsUntouched()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        foreach (var target in BackupSite.TargetNames)
        {
            site.Flip(target, backupId, "data/000002.tink");
        }

        (await site.FetchAsync(backupId).ShouldFailWithAsync(ErrorCodes.ObjectDamaged)).ShouldContain("data/000002.tink");

        Marks(site).ShouldNotContain("data_000002.tink", StringComparer.Ordinal);
    }

    [Fact]
    public async Task Fetch_EveryCopyIsTruncated_Fails()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        foreach (var target in BackupSite.TargetNames)
        {
            Truncate(site.FileOf(target, backupId, "data/000002.tink"));
        }

        (await site.FetchAsync(backupId).ShouldFailWithAsync(ErrorCodes.ObjectDamaged)).ShouldContain("data/000002.tink");
    }

    [Fact]
    public async Task Fetch_TargetDiesInTheMiddleOfAnObject_GoesOnAtThatByteOfTheNext()
    {
        const int Byte = 300_000;
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        var dying = LargestDataObject(site, backupId);
        site.Target("a").ReadLimit = key => key.EndsWith(dying, StringComparison.Ordinal) ? Byte : long.MaxValue;

        await site.FetchAsync(backupId);

        site.Target("b").OpenedAt.Single(opened => opened.Key.EndsWith(dying, StringComparison.Ordinal)).Value.ShouldBe([Byte]);
        site.Reporter.Failovers.ShouldContain(sentence => sentence.Contains($"at byte {Byte}", StringComparison.Ordinal));
        (await site.RestoreAsync(backupId)).Rows.ShouldBe(88100);
    }

    [Fact]
    public async Task Fetch_DamagedCopyAlsoBreaksOff_TheOtherTargetIsNotBlamedForIt()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        var dying = LargestDataObject(site, backupId);
        var file = site.FileOf("a", backupId, dying);
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[100] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        site.Target("a").ReadLimit = key => key.EndsWith(dying, StringComparison.Ordinal) ? 300_000 : long.MaxValue;
        site.Targets = [site.Target("a"), site.Target("b")];

        await site.FetchAsync(backupId);

        site.Reporter.Failovers.ShouldContain(sentence => sentence.StartsWith($"{dying} from a, b is damaged", StringComparison.Ordinal));
        (await site.RestoreAsync(backupId)).Rows.ShouldBe(88100);
    }

    [Fact]
    public async Task Fetch_TakerRefusesAuthenticBytes_DoesNotTryOtherTargets()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        using var reader = BackupReader.FromSettings(site.Environment);
        var manifest = (await reader.Catalog.FindAsync(backupId, CancellationToken.None))!.Manifest;
        using var key = reader.PrivateKeys.Unwrap(manifest.Recipients);
        var failover = new Storage.Failover.FailoverReader(
            site.Targets!, new Storage.Failover.FailoverReaderOptions { HedgeDelay = TimeSpan.FromMinutes(10) }, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var fetcher = new ObjectFetcher(manifest, key, failover, site.Reporter);
        var contents = manifest.Objects.Single(item => item.Role == "contents");

        await fetcher.FetchAsync(contents, (_, _) => throw new PgdrException(ErrorCodes.ObjectDamaged, "Not sound: use another backup."), CancellationToken.None)
            .ShouldFailWithAsync(ErrorCodes.ObjectDamaged);

        site.Reporter.Failovers.ShouldBeEmpty();
        site.Target("b").OpenedAt.Keys.ShouldNotContain(opened => opened.EndsWith("contents.tink", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fetch_AfterATargetFailedInAnEarlierJob_BeginsWithAnother()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        site.Target("a").FailOpen = key => key.EndsWith(".tink", StringComparison.Ordinal)
            ? new StorageException(ErrorCodes.TargetUnreachable, "a", "Target a is away.")
            : null;
        await site.FetchAsync(backupId);
        site.Target("a").FailOpen = _ => null;
        Directory.Delete(site.Site.WorkFolder, recursive: true);

        var fetched = await site.FetchAsync(backupId);

        fetched.Targets.ContainsKey("a").ShouldBeFalse();
        fetched.Failovers.ShouldBeEmpty();
        File.Exists(Path.Combine(site.Site.RunStore, "target-health.json")).ShouldBeTrue();
    }

    [Fact]
    public async Task Fetch_EveryTargetIsAway_Fails()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        site.Targets = null;
        foreach (var target in BackupSite.TargetNames)
        {
            Directory.Move(site.Site.TargetFolder(target), site.Site.TargetFolder(target) + ".away");
        }

        await site.FetchAsync(backupId).ShouldFailWithAsync(ErrorCodes.TargetUnreachable);
    }

    [Fact]
    public async Task Fetch_DiskOfTheWorkFolderFillsUp_SaysWhichSetting()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        await using var disk = await SmallDisk.MountAsync(1024 * 1024);
        site.Site.Settings["WORK_PATH"] = disk.Path;

        (await site.FetchAsync(backupId).ShouldFailWithAsync(ErrorCodes.DiskFull)).ShouldContain("WORK_PATH");
    }

    private static IReadOnlyList<string> Marks(JobSite site) =>
    [
        .. Directory.EnumerateDirectories(Path.Combine(site.Site.WorkFolder, "restores", site.RestoreId), "complete-*")
            .SelectMany(Directory.EnumerateFiles).Select(file => Path.GetFileName(file)!),
    ];

    private static void Truncate(string file)
    {
        using var stream = File.OpenWrite(file);
        stream.SetLength(stream.Length / 2);
    }

    private static string LargestDataObject(JobSite site, string backupId) => "data/" + Path.GetFileName(
        Directory.EnumerateFiles(site.FileOf("a", backupId, "data")).MaxBy(file => new FileInfo(file).Length));
}
