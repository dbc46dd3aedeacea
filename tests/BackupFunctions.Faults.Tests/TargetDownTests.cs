using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Faults.Tests.Support;

namespace BackupFunctions.Faults.Tests;

[Collection(FaultCollection.Name)]
public sealed class TargetDownTests(FaultFixture fixture)
{
    [Theory]
    [InlineData("r2", "Connection refused", "check the endpoint and the network")]
    [InlineData("b2", "Connection refused", "check the endpoint and the network")]
    [InlineData("local", "neither its folder", "mount the disk or correct the setting")]
    public async Task Backup_TargetDownAtTheStart_IsVerifiedOnTheOthersAndRepairedLater(string target, string cause, string remedy)
    {
        await using var site = await fixture.NewSiteAsync();
        site.TakeDown(target);

        var backup = await site.BackUpAsync();

        backup.Status.ShouldBe(BackupStatus.Verified);
        backup.Copies.Where(copy => copy.Verified).Select(copy => copy.Target).ShouldBe(FaultSite.Names.Where(name => name != target));
        backup.Copies.Single(copy => copy.Target == target).Error.ShouldSay($"Target {target} is unreachable", cause, remedy);
        site.Reporter.Warnings.ShouldContain(warning => warning.StartsWith($"The copy on target '{target}' is missing: "));
        await site.ShouldRestoreAsync(backup.BackupId);
        (await site.ListAsync()).UnreadableTargets.ShouldBe([target]);
        site.BringBack(target);
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldHaveSingleItem().Condition.ShouldBe(CopyCondition.Missing);
    }
}
