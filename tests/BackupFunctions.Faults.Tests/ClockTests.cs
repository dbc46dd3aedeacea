using Amazon;
using BackupFunctions.Contracts;
using BackupFunctions.Faults.Tests.Support;

namespace BackupFunctions.Faults.Tests;

/// <summary>
/// A clock that is an hour off: requests are really signed with that time (the SDK's ManualClockCorrection) and really refused by Ceph, as
/// by S3, beyond 15 minutes.
/// </summary>
[Collection(FaultCollection.Name)]
public sealed class ClockTests(FaultFixture fixture) : IDisposable
{
    public void Dispose() => AWSConfigs.ManualClockCorrection = null;

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Backup_ClockAnHourOff_FailsWithTheRemedyAndSucceedsOnceItIsSet(int hours)
    {
        await using var site = await fixture.NewSiteAsync();
        AWSConfigs.ManualClockCorrection = TimeSpan.FromHours(hours);

        await site.BackUpAsync().ShouldFailAsync(
            ErrorCodes.CopiesMissing, "Only 1 of 3", "Target r2 refused: the clock of this machine is wrong: set it (NTP)", "Target b2 refused: the clock");

        AWSConfigs.ManualClockCorrection = null;
        (await site.ListAsync()).Backups.ShouldBeEmpty();
        await site.ShouldBecomeWholeAsync((await site.BackUpAsync()).BackupId);
    }

    [Fact]
    public async Task Restore_ClockAnHourOff_ReadsWhatNeedsNoClockAndTakesNothingForLost()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        AWSConfigs.ManualClockCorrection = TimeSpan.FromHours(1);

        var (fetched, digest) = await site.FetchAsync(backup.BackupId);
        var verified = await site.VerifyAsync(backup.BackupId, repair: true);

        digest.ShouldBe(backup.DumpDigest);
        fetched.Targets.Keys.ShouldBe(["local"]);
        fetched.Failovers[0].ShouldSay("to local", "the clock of this machine is wrong", "set it (NTP)");
        (verified.Success, verified.Good, verified.Unreachable, verified.Missing).ShouldBe((false, 1, 2, 0));
        AWSConfigs.ManualClockCorrection = null;
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }
}
