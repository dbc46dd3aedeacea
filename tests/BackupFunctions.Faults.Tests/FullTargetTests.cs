using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Faults.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Faults.Tests;

/// <summary>Targets without room: a real disk, and a real quota of an S3 account.</summary>
[Collection(FaultCollection.Name)]
public sealed class FullTargetTests(FaultFixture fixture)
{
    private const int SmallSize = 256 * 1024;
    private const int LargeSize = 16 * 1024 * 1024;

    [Fact]
    public async Task Backup_LocalDiskFull_IsVerifiedOnTheOthersAndRepairedOnceThereIsRoom()
    {
        await using var site = await fixture.NewSiteAsync();
        await using var disk = await SmallDisk.MountAsync(SmallSize);
        site.UseFolder(disk.Path);

        var backup = await site.BackUpAsync();

        backup.ShouldLackOnly("local", "Target local is full: no space", "free some or choose a larger disk");
        await site.ShouldRestoreAsync(backup.BackupId);
        var stillFull = await site.VerifyAsync(backup.BackupId, repair: true);
        (stillFull.Success, stillFull.Good, stillFull.Missing, stillFull.Repaired).ShouldBe((false, 2, 1, 0));
        stillFull.Findings.ShouldHaveSingleItem().NotRepaired.ShouldSay("Target local is full", "free some or choose a larger disk");
        await disk.ResizeAsync(LargeSize);
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Repaired.ShouldBe(1);
    }

    [Fact]
    public async Task Backup_QuotaOfTheStoreReached_IsVerifiedOnTheOthers()
    {
        await using var site = await fixture.NewSiteAsync();
        site.Set("R2_BUCKET", await fixture.R2.CreateBucketAsync(fixture.R2.AccessKeyWithoutSpace), "R2_ACCESS_KEY", fixture.R2.AccessKeyWithoutSpace);

        var backup = await site.BackUpAsync();

        backup.ShouldLackOnly("r2", "Target r2 is full", "QuotaExceeded", "raise its quota or free space");
        await site.ShouldRestoreAsync(backup.BackupId);
        (await site.VerifyAsync(backup.BackupId)).Findings.ShouldHaveSingleItem().Condition.ShouldBe(CopyCondition.Missing);
    }
}
