using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Faults.Tests.Support;
using BackupFunctions.TestSupport.Faults;

namespace BackupFunctions.Faults.Tests;

/// <summary>Stores that ask for fewer requests: 429 and 503, for a share of the requests or for all.</summary>
[Collection(FaultCollection.Name)]
public sealed class StormTests(FaultFixture fixture)
{
    [Theory]
    [InlineData(429, "TooManyRequests", null)]
    [InlineData(503, "SlowDown", 1)]
    public async Task Backup_EveryRequestIsTurnedAwayAtFirst_EveryCopyIsWhole(int status, string code, int? retryAfter)
    {
        await using var site = await fixture.NewSiteAsync();
        var storms = new[] { "r2", "b2" }
            .Select(target => site.Proxy(target).Add(Requests.FirstOfEach(), Fault.Answer(status, code, retryAfter))).ToList();

        var backup = await site.BackUpAsync();

        storms.ShouldAllBe(storm => storm.Hits > 5);
        backup.Status.ShouldBe(BackupStatus.Verified, backup.StatusReason);
        backup.Copies.ShouldAllBe(copy => copy.Verified);
        site.BringBack("r2");
        site.BringBack("b2");
        await site.ShouldRestoreAsync(backup.BackupId);
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(429, "TooManyRequests")]
    [InlineData(503, "SlowDown")]
    public async Task Backup_EveryWriteIsTurnedAway_IsVerifiedOnTheOthersAndRepairedLater(int status, string code)
    {
        await using var site = await fixture.NewSiteAsync();
        site.Proxy("r2").Add(Requests.PutsData, Fault.Answer(status, code, retryAfterSeconds: 30));

        var backup = await site.BackUpAsync();

        backup.ShouldLackOnly("r2", "Target r2", $"it answered HTTP {status} {code}", "limits requests", "try again later");
        await site.ShouldRestoreAsync(backup.BackupId);
        site.BringBack("r2");
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldHaveSingleItem().Condition.ShouldBe(CopyCondition.Missing);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restore_RequestsAreTurnedAway_WhatIsReadIsIdentical(bool always)
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        var storm = site.Proxy("r2").Add(always ? Requests.All : Requests.FirstOfEach(), Fault.Answer(503, "SlowDown"));

        var (fetched, digest) = await site.FetchAsync(backup.BackupId);

        digest.ShouldBe(backup.DumpDigest);
        storm.Hits.ShouldBeGreaterThan(2);
        if (always)
        {
            fetched.Targets.ContainsKey("r2").ShouldBeFalse();
            fetched.Failovers[0].ShouldSay("Switched from r2 to b2 at byte 0", "HTTP 503 SlowDown", "limits requests");
        }

        site.BringBack("r2");
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Verify_EveryRequestIsTurnedAway_ConcludesNothingAndChangesNothing()
    {
        var (site, backup) = await fixture.NewSiteWithBackupAsync();
        await using var disposed = site;
        site.Proxy("b2").Add(Requests.All, Fault.Answer(503, "SlowDown"));

        var verified = await site.VerifyAsync(backup.BackupId, repair: true);

        (verified.Success, verified.Good, verified.Unreachable, verified.Missing, verified.Damaged).ShouldBe((false, 2, 1, 0, 0));
        verified.Findings.ShouldHaveSingleItem().Detail.ShouldSay("Target b2", "HTTP 503 SlowDown");
        site.Proxy("b2").Requests.ShouldAllBe(request => request.Method == "GET" || request.Path.Contains("/leases/") || request.Path.Contains("/statements/"));
        site.BringBack("b2");
        (await site.ShouldBecomeWholeAsync(backup.BackupId)).Findings.ShouldBeEmpty();
    }
}
