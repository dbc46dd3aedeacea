using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Faults.Tests.Support;
using BackupFunctions.TestSupport.Faults;

namespace BackupFunctions.Faults.Tests;

/// <summary>Stores that answer, and the answer is no: wrong credentials, the bucket gone, the clock wrong.</summary>
[Collection(FaultCollection.Name)]
public sealed class RefusedTests(FaultFixture fixture)
{
    [Theory]
    [InlineData("R2_SECRET_KEY", "wrong-canary", "SignatureDoesNotMatch")]
    [InlineData("R2_ACCESS_KEY", "nobody", "InvalidAccessKeyId")]
    public async Task Backup_WrongCredentials_IsVerifiedOnTheOthersAndRepairedLater(string setting, string wrong, string answer)
    {
        await using var site = await fixture.NewSiteAsync();
        var right = site.Site.Settings[setting];
        site.Set(setting, wrong);

        var backup = await site.BackUpAsync();

        backup.ShouldLackOnly("r2", "Target r2 refused", $"HTTP 403 {answer}", "check that access key id", "the secret key in the settings belongs to it");
        backup.Copies[0].Error!.ShouldNotContain("wrong-canary");
        await site.ShouldRestoreAsync(backup.BackupId);
        site.Set(setting, right);
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldHaveSingleItem().Condition.ShouldBe(CopyCondition.Missing);
    }

    [Fact]
    public async Task Restore_WrongCredentials_ReadsTheOthersAndTakesNothingForLost()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var right = site.Site.Settings["R2_SECRET_KEY"];
        site.Set("R2_SECRET_KEY", "wrong-canary");

        var (fetched, digest) = await site.FetchAsync(backup.BackupId);
        var verified = await site.VerifyAsync(backup.BackupId, repair: true);

        digest.ShouldBe(backup.DumpDigest);
        fetched.Failovers[0].ShouldSay("Switched from r2 to b2 at byte 0", "Target r2 refused", "check that access key id");
        (verified.Success, verified.Good, verified.Unreachable, verified.Missing).ShouldBe((false, 2, 1, 0));
        site.Set("R2_SECRET_KEY", right);
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Backup_BucketDeletedWhileItRuns_IsVerifiedOnTheOthersAndRepairedLater()
    {
        await using var site = await fixture.NewSiteAsync();
        var fault = site.Proxy("r2").Add(new FaultRule(Requests.PutsData, Fault.Before(() => site.Store("r2").DestroyAsync())) { Times = 1 });

        var backup = await site.BackUpAsync();

        fault.Hits.ShouldBe(1);
        backup.ShouldLackOnly("r2", "Target r2 refused: bucket", "does not exist", "create it or correct the setting");
        await site.ShouldRestoreAsync(backup.BackupId);
        await ((BucketStore)site.Store("r2")).RecreateAsync();
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldHaveSingleItem().Condition.ShouldBe(CopyCondition.Missing);
    }

    [Fact]
    public async Task Restore_BucketDeletedWhileItRuns_ReadsTheOthersAndIsRepairedLater()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var fault = site.Proxy("r2").Add(new FaultRule(Requests.GetsData, Fault.Before(() => site.Store("r2").DestroyAsync())) { Times = 1 });

        var (fetched, digest) = await site.FetchAsync(backup.BackupId);

        fault.Hits.ShouldBe(1);
        digest.ShouldBe(backup.DumpDigest);
        fetched.Failovers.ShouldContain(switched => switched.Contains("bucket", StringComparison.Ordinal) && switched.Contains("create it or correct the setting", StringComparison.Ordinal));
        var verified = await site.VerifyAsync(backup.BackupId, repair: true);
        (verified.Success, verified.Good, verified.Unreachable, verified.Missing).ShouldBe((false, 2, 1, 0));
        (await site.ListAsync()).Unreadable.ShouldHaveSingleItem().ShouldSay("bucket", "does not exist", "create it or correct the setting");
        await ((BucketStore)site.Store("r2")).RecreateAsync();
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldHaveSingleItem().Condition.ShouldBe(CopyCondition.Missing);
    }
}
