using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Faults.Tests.Support;
using BackupFunctions.TestSupport.Faults;

namespace BackupFunctions.Faults.Tests;

/// <summary>A connection that is reset at every class of byte: of requests and answers, heads and bodies, first, middle and last.</summary>
[Collection(FaultCollection.Name)]
public sealed class ConnectionResetTests(FaultFixture fixture)
{
    [Theory]
    [InlineData(FaultPlace.RequestHead, 0)]
    [InlineData(FaultPlace.RequestHead, 60)]
    [InlineData(FaultPlace.RequestBody, 0)]
    [InlineData(FaultPlace.RequestBody, 1000)]
    [InlineData(FaultPlace.RequestBody, -1)]
    [InlineData(FaultPlace.ResponseHead, 0)]
    [InlineData(FaultPlace.ResponseHead, 10)]
    public async Task Backup_ResetWhileAnObjectIsWritten_EveryCopyIsWhole(FaultPlace place, int after)
    {
        await using var site = await fixture.NewSiteAsync();
        var resets = new[] { "r2", "b2" }
            .Select(target => site.Proxy(target).Add(new FaultRule(Requests.PutsData, Fault.ResetAt(place, after)) { Times = 1 })).ToList();

        var backup = await site.BackUpAsync();

        resets.ShouldAllBe(reset => reset.Hits == 1);
        await ShouldBeWholeAsync(site, backup, SampleData.Shop);
    }

    [Theory]
    [InlineData(FaultPlace.RequestHead, 60)]
    [InlineData(FaultPlace.RequestBody, 1)]
    [InlineData(FaultPlace.RequestBody, -1)]
    [InlineData(FaultPlace.ResponseHead, 0)]
    public async Task Backup_ResetInTheLastPartOfAMultipartUpload_EveryCopyIsWhole(FaultPlace place, int after)
    {
        await using var site = await fixture.NewSiteAsync();
        var resets = new[] { "r2", "b2" }
            .Select(target => site.Proxy(target).Add(new FaultRule(Requests.PutsLastPart, Fault.ResetAt(place, after)) { Times = 1 })).ToList();

        var backup = await site.BackUpAsync(SampleData.Scans);

        resets.ShouldAllBe(reset => reset.Hits == 1);
        await ShouldBeWholeAsync(site, backup, SampleData.Scans);
    }

    [Theory]
    [InlineData(FaultPlace.RequestBody, 1)]
    [InlineData(FaultPlace.ResponseHead, 0)]
    [InlineData(FaultPlace.ResponseBody, 1)]
    public async Task Backup_ResetWhilePartsAreJoined_EveryCopyIsWhole(FaultPlace place, int after)
    {
        await using var site = await fixture.NewSiteAsync();
        var resets = new[] { "r2", "b2" }
            .Select(target => site.Proxy(target).Add(new FaultRule(Requests.Completes, Fault.ResetAt(place, after)) { Times = 1 })).ToList();

        var backup = await site.BackUpAsync(SampleData.Scans);

        resets.ShouldAllBe(reset => reset.Hits == 1);
        await ShouldBeWholeAsync(site, backup, SampleData.Scans);
    }

    [Fact]
    public async Task Backup_LastPartIsResetEveryTime_IsVerifiedOnTheOthersAndRepairedLater()
    {
        await using var site = await fixture.NewSiteAsync();
        site.Proxy("r2").Add(Requests.PutsLastPart, Fault.ResetAt(FaultPlace.RequestBody, 1));

        var backup = await site.BackUpAsync(SampleData.Scans);

        backup.ShouldLackOnly("r2", "Target r2 is unreachable while writing part 2 of ", "check the endpoint and the network");
        await site.ShouldRestoreAsync(backup.BackupId, SampleData.Scans);
        site.BringBack("r2");
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldHaveSingleItem().Condition.ShouldBe(CopyCondition.Missing);
    }

    [Theory]
    [InlineData("r2", FaultPlace.RequestHead, 60)]
    [InlineData("r2", FaultPlace.ResponseHead, 0)]
    [InlineData("r2", FaultPlace.ResponseHead, 10)]
    [InlineData("r2", FaultPlace.ResponseBody, 0)]
    [InlineData("r2", FaultPlace.ResponseBody, 1)]
    [InlineData("r2", FaultPlace.ResponseBody, 200_000)]
    [InlineData("r2", FaultPlace.ResponseBody, -1)]
    [InlineData("b2", FaultPlace.ResponseBody, 200_000)]
    public async Task Restore_ResetWhileAnObjectIsRead_WhatIsReadIsIdentical(string target, FaultPlace place, int after)
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        site.ReadFirst(target);
        var reset = site.Proxy(target).Add(new FaultRule(request => Requests.Gets(request, backup.Largest), Fault.ResetAt(place, after)) { Times = 1 });

        var (fetched, digest) = await site.FetchAsync(backup.BackupId);

        reset.Hits.ShouldBe(1);
        digest.ShouldBe(backup.DumpDigest);
        if (place == FaultPlace.ResponseBody)
        {
            fetched.Failovers.ShouldContain(switched => switched.Contains($"Switched from {target} to ", StringComparison.Ordinal)
                && switched.Contains($"Target {target} is unreachable while reading", StringComparison.Ordinal));
        }

        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(FaultPlace.RequestHead, 10)]
    [InlineData(FaultPlace.ResponseHead, 10)]
    [InlineData(FaultPlace.ResponseBody, 200)]
    public async Task List_ResetInTheListing_ShowsAllOfIt(FaultPlace place, int after)
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var reset = site.Proxy("r2").Add(new FaultRule(Requests.Lists, Fault.ResetAt(place, after)) { Times = 1 });

        var listing = await site.ListAsync();

        reset.Hits.ShouldBe(1);
        listing.Unreadable.ShouldBeEmpty();
        listing.Backups.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            found => found.BackupId.ShouldBe(backup.BackupId), found => found.Copies.Count(copy => copy.Verified).ShouldBe(3));
    }

    [Fact]
    public async Task Repair_ResetOnBothSides_IsWholeAllTheSame()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        await Task.WhenAll(backup.CopyKeys.Select(site.Store("b2").DeleteAsync));
        var written = site.Proxy("b2").Add(new FaultRule(Requests.PutsData, Fault.ResetAt(FaultPlace.RequestBody, 1000)) { Times = 1 });
        var read = site.Proxy("r2").Add(new FaultRule(request => Requests.Gets(request, backup.Largest), Fault.ResetAt(FaultPlace.ResponseBody, 200_000)) { Skip = 1, Times = 1 });

        await site.ShouldBecomeWholeAsync(backup.BackupId);

        (written.Hits, read.Hits).ShouldBe((1, 1));
        (await site.CopyAsync("b2", backup.BackupId)).ShouldBe(backup.CopyDigests, ignoreOrder: true);
    }

    private static async Task ShouldBeWholeAsync(FaultSite site, FullBackupResult backup, string database)
    {
        backup.Status.ShouldBe(BackupStatus.Verified, backup.StatusReason);
        backup.Copies.ShouldAllBe(copy => copy.Verified);
        await site.ShouldRestoreAsync(backup.BackupId, database);
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }
}
