using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Faults.Tests.Support;
using BackupFunctions.TestSupport.Faults;

namespace BackupFunctions.Faults.Tests;

/// <summary>Stores that keep a connection open and send nothing, or next to nothing.</summary>
[Collection(FaultCollection.Name)]
public sealed class SlowTargetTests(FaultFixture fixture)
{
    [Fact]
    public async Task Backup_StoreFallsSilentInTheMiddle_IsVerifiedOnTheOthersAndRepairedLater()
    {
        await using var site = await fixture.NewSiteAsync();
        site.Impatient = "r2";
        site.Proxy("r2").Add(Requests.PutsData, Fault.HoldAt(FaultPlace.ResponseHead));

        var backup = await site.BackUpAsync();

        backup.ShouldLackOnly("r2", "Target r2 is unreachable while writing", "not a byte for", "check the endpoint and the network");
        await site.ShouldRestoreAsync(backup.BackupId);
        site.Impatient = null;
        site.BringBack("r2");
        await site.ShouldBecomeWholeAsync(backup.BackupId);
    }

    [Fact]
    public async Task Restore_StoreFallsSilentInTheMiddle_GoesOnAtTheNext()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        site.Impatient = "r2";
        var fault = site.Proxy("r2").Add(request => Requests.Gets(request, backup.Largest), Fault.HoldAt(FaultPlace.ResponseBody, 100_000));

        var (fetched, digest) = await site.FetchAsync(backup.BackupId);

        fault.Hits.ShouldBeGreaterThan(0);
        digest.ShouldBe(backup.DumpDigest);
        fetched.Failovers.ShouldContain(switched => switched.Contains("Switched from r2 to b2 at byte ", StringComparison.Ordinal));
        site.Impatient = null;
        site.BringBack("r2");
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Backup_StoreTakesTheLastBytesOneByOne_EveryCopyIsWhole()
    {
        await using var site = await fixture.NewSiteAsync();
        var slow = site.Proxy("r2").Add(new FaultRule(Requests.PutsData, Fault.TrickleAt(FaultPlace.RequestBody, -300)) { Times = 1 });

        var backup = await site.BackUpAsync();

        slow.Hits.ShouldBe(1);
        backup.Status.ShouldBe(BackupStatus.Verified, backup.StatusReason);
        backup.Copies.ShouldAllBe(copy => copy.Verified);
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Restore_StoreSendsTheLastBytesOneByOne_WhatIsReadIsIdentical()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var slow = site.Proxy("r2").Add(request => Requests.Gets(request, backup.Largest), Fault.TrickleAt(FaultPlace.ResponseBody, -300));

        (await site.FetchAsync(backup.BackupId)).Digest.ShouldBe(backup.DumpDigest);

        slow.Hits.ShouldBeGreaterThan(0);
        site.BringBack("r2");
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }
}
