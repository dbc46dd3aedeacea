using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Faults.Tests.Support;
using BackupFunctions.TestSupport.Faults;

namespace BackupFunctions.Faults.Tests;

/// <summary>Azure Blob where it differs: staged blocks in place of parts, its own names of errors.</summary>
[Collection(FaultCollection.Name)]
public sealed class AzureTests(FaultFixture fixture)
{
    [Fact]
    public async Task Azure_DownInTheMiddleOfWriting_IsVerifiedOnTheOthersAndRepairedLater()
    {
        await using var site = await NewSiteAsync();
        site.Proxy("az").Add(Requests.PutsData, Fault.DownAt(FaultPlace.RequestBody, 1000));

        var backup = await site.BackUpAsync();

        backup.ShouldLackOnly("az", "Target az is unreachable while writing", "check the endpoint and the network");
        await site.ShouldRestoreAsync(backup.BackupId);
        site.BringBack("az");
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldHaveSingleItem().Condition.ShouldBe(CopyCondition.Missing);
    }

    [Fact]
    public async Task Azure_WrongKey_IsVerifiedOnTheOthersAndRepairedLater()
    {
        await using var site = await NewSiteAsync();
        var right = site.Site.Settings["Targets__az__AccountKey"];
        site.Set("Targets__az__AccountKey", Convert.ToBase64String("wrong-canary"u8));

        var backup = await site.BackUpAsync();

        backup.ShouldLackOnly("az", "Target az refused", "HTTP 403", "check that", "in the settings may do this in container");
        site.Set("Targets__az__AccountKey", right);
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldHaveSingleItem().Condition.ShouldBe(CopyCondition.Missing);
    }

    [Theory]
    [InlineData("comp=block", FaultPlace.RequestBody, 1000)]
    [InlineData("comp=blocklist", FaultPlace.RequestHead, 60)]
    [InlineData("comp=blocklist", FaultPlace.ResponseHead, 0)]
    public async Task Azure_ResetWhileBlocksAreWritten_EveryCopyIsWhole(string request, FaultPlace place, int after)
    {
        await using var site = await NewSiteAsync();
        // The second block is the last one.
        var skip = request == "comp=block" ? 1 : 0;
        var reset = site.Proxy("az").Add(new FaultRule(
            each => Requests.PutsData(each) && each.Target.Split('?', '&').Contains(request, StringComparer.Ordinal), Fault.ResetAt(place, after)) { Skip = skip, Times = 1 });

        var backup = await site.BackUpAsync(SampleData.Scans);

        reset.Hits.ShouldBe(1);
        backup.Status.ShouldBe(BackupStatus.Verified, backup.StatusReason);
        backup.Copies.ShouldAllBe(copy => copy.Verified);
        await site.ShouldRestoreAsync(backup.BackupId, SampleData.Scans);
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Azure_EveryRequestIsTurnedAwayAtFirst_EveryCopyIsWhole()
    {
        await using var site = await NewSiteAsync();
        var storm = site.Proxy("az").Add(Requests.FirstOfEach(), Fault.Answer(503, "ServerBusy", retryAfterSeconds: 1));

        var backup = await site.BackUpAsync();

        storm.Hits.ShouldBeGreaterThan(5);
        backup.Status.ShouldBe(BackupStatus.Verified, backup.StatusReason);
        backup.Copies.ShouldAllBe(copy => copy.Verified);
        site.BringBack("az");
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200_000)]
    [InlineData(-1)]
    public async Task Azure_ResetWhileABlobIsRead_WhatIsReadIsIdentical(int after)
    {
        await using var site = await NewSiteAsync();
        var backup = await fixture.ShopAsync();
        await site.PutAsync(backup);
        site.ReadFirst("az");
        var reset = site.Proxy("az").Add(new FaultRule(request => Requests.Gets(request, backup.Largest), Fault.ResetAt(FaultPlace.ResponseBody, after)) { Times = 1 });

        (await site.FetchAsync(backup.BackupId)).Digest.ShouldBe(backup.DumpDigest);

        reset.Hits.ShouldBe(1);
    }

    private async Task<FaultSite> NewSiteAsync()
    {
        var site = await fixture.NewSiteAsync();
        await site.UseAzureAsync();
        return site;
    }
}
