using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Faults.Tests.Support;
using BackupFunctions.TestSupport;
using BackupFunctions.TestSupport.Faults;

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

        backup.ShouldLackOnly(target, $"Target {target} is unreachable", cause, remedy);
        site.Reporter.Warnings.ShouldContain(warning => warning.StartsWith($"The copy on target '{target}' is missing: ", StringComparison.Ordinal));
        await site.ShouldRestoreAsync(backup.BackupId);
        (await site.ListAsync()).UnreadableTargets.ShouldBe([target]);
        site.BringBack(target);
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldHaveSingleItem().Condition.ShouldBe(CopyCondition.Missing);
    }

    [Theory]
    [InlineData("r2", "check the endpoint and the network")]
    [InlineData("b2", "check the endpoint and the network")]
    [InlineData("local", "mount")]
    public async Task Backup_TargetDownInTheMiddleOfWriting_IsVerifiedOnTheOthersAndRepairedLater(string target, string remedy)
    {
        await using var site = await fixture.NewSiteAsync();
        var fault = target == "local"
            ? site.Proxy("r2").Add(new FaultRule(Requests.PutsData, Fault.Before(() => site.TakeDownAsync("local"))) { Times = 1 })
            : site.Proxy(target).Add(Requests.PutsData, Fault.DownAt(FaultPlace.RequestBody, 1000));

        var backup = await site.BackUpAsync();

        fault.Hits.ShouldBeGreaterThan(0);
        backup.ShouldLackOnly(target, $"Target {target} ", remedy);
        await site.ShouldRestoreAsync(backup.BackupId);
        site.BringBack(target);
        (await site.CopyAsync(target, backup.BackupId)).Keys.ShouldNotContain(key => key.EndsWith("manifest.json", StringComparison.Ordinal));
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldHaveSingleItem().Condition.ShouldBe(CopyCondition.Missing);
    }

    [Fact]
    public async Task Backup_DiskUnmountedInTheMiddleOfWriting_NothingIsWrittenInItsPlace()
    {
        await using var site = await fixture.NewSiteAsync();
        await using var disk = await MountedFolder.CreateAsync();
        site.UseFolder(disk.Path);
        var fault = site.Proxy("r2").Add(new FaultRule(Requests.PutsData, Fault.Before(disk.UnmountAsync)) { Times = 1 });

        var backup = await site.BackUpAsync();

        fault.Hits.ShouldBe(1);
        backup.ShouldLackOnly("local", "Target local ", "mount");
        Directory.EnumerateFileSystemEntries(disk.Path).ShouldBeEmpty();
        (await site.ListAsync()).Unreadable.ShouldHaveSingleItem().ShouldSay("Target local is unreachable", "is empty; mount the disk");
        await disk.MountAsync();
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldHaveSingleItem().Condition.ShouldBe(CopyCondition.Missing);
    }

    [Fact]
    public async Task Backup_TwoOfThreeTargetsDown_FailsWithBothCausesAndLeavesNoBackup()
    {
        await using var site = await fixture.NewSiteAsync();
        site.TakeDown("r2");
        site.Proxy("b2").Add(Requests.PutsData, Fault.DownAt(FaultPlace.RequestBody, 1000));

        var sentence = await site.BackUpAsync().ShouldFailAsync(ErrorCodes.CopiesMissing, "Only 1 of 3", "2 are required", "Target r2", "Target b2");

        sentence.ShouldContain("check the endpoint and the network");
        (await site.Store("local").ListAsync()).ShouldBeEmpty();
        site.BringBack("r2");
        site.BringBack("b2");
        (await site.ListAsync()).Backups.ShouldBeEmpty();
        await site.ShouldBecomeWholeAsync((await site.BackUpAsync()).BackupId);
    }

    [Theory]
    [InlineData("r2", "Connection refused")]
    [InlineData("b2", "Connection refused")]
    [InlineData("local", "does not exist; mount the disk")]
    public async Task Restore_TargetDownAtTheStart_ReadsTheOthers(string target, string cause)
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        site.ReadFirst(target);
        site.TakeDown(target);

        (await site.SelectAsync()).BackupId.ShouldBe(backup.BackupId);
        var (fetched, digest) = await site.FetchAsync(backup.BackupId);

        digest.ShouldBe(backup.DumpDigest);
        fetched.Targets.ContainsKey(target).ShouldBeFalse();
        fetched.Failovers.ShouldContain(switched => switched.Contains($"Switched from {target} to ", StringComparison.Ordinal) && switched.Contains(cause, StringComparison.Ordinal));
        var verified = await site.VerifyAsync(backup.BackupId, repair: true);
        (verified.Success, verified.Good, verified.Unreachable, verified.Missing).ShouldBe((false, 2, 1, 0));
        site.BringBack(target);
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("r2")]
    [InlineData("b2")]
    [InlineData("local")]
    public async Task Restore_TargetDownInTheMiddleOfReading_GoesOnAtTheNext(string target)
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        site.ReadFirst(target);
        if (target == "local")
        {
            // The first bytes are those of the contents; the data is yet to come.
            site.Reporter.OnRead = _ => site.TakeDown("local");
        }
        else
        {
            site.Proxy(target).Add(request => Requests.Gets(request, backup.Largest), Fault.DownAt(FaultPlace.ResponseBody, 100_000));
        }

        var (fetched, digest) = await site.FetchAsync(backup.BackupId);

        digest.ShouldBe(backup.DumpDigest);
        fetched.Failovers.ShouldContain(switched => switched.Contains($"Switched from {target} to ", StringComparison.Ordinal) && switched.Contains("; ", StringComparison.Ordinal));
        site.Reporter.OnRead = _ => { };
        site.BringBack(target);
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Restore_AllTargetsDown_SaysSoAndThatItIsNotAbsent()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        foreach (var target in site.Names)
        {
            site.TakeDown(target);
        }

        await site.FetchAsync(backup.BackupId).ShouldFailAsync(ErrorCodes.TargetUnreachable, "r2", "Connection refused", "check the endpoint and the network");

        foreach (var target in site.Names)
        {
            site.BringBack(target);
        }

        (await site.FetchAsync(backup.BackupId)).Digest.ShouldBe(backup.DumpDigest);
    }

    [Theory]
    [InlineData("r2")]
    [InlineData("local")]
    public async Task Cleanup_TargetDown_DeletesNothingAnywhere(string target)
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        await site.PutAsync(await fixture.OlderAsync());
        site.TakeDown(target);

        var refused = await site.CleanUpAsync(afterDays: 400);

        (refused.Result.Success, refused.Result.Tombstoned, refused.Result.Deleted).ShouldBe((false, 0, 0));
        refused.Result.Problems.ShouldContain(problem => problem.Contains($"Target {target} is unreachable", StringComparison.Ordinal));
        site.BringBack(target);
        (await site.CleanUpAsync(afterDays: 400)).Result.ShouldSatisfyAllConditions(
            result => result.Success.ShouldBeTrue(), result => result.Tombstoned.ShouldBe(3), result => result.Deleted.ShouldBe(0));
        (await site.FetchAsync(backup.BackupId)).Digest.ShouldBe(backup.DumpDigest);
    }
}
