using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Backup;

[Collection(ServerCollection.Name)]
public sealed class LockedBackupTests(ServerFixture fixture, GatewayFixture ceph) : IClassFixture<GatewayFixture>
{
    private const string Database = ServerFixture.Invoices;

    [Fact]
    public async Task Backup_TargetWithObjectLock_EveryObjectAndWhatVerifiedItIsLocked()
    {
        var bucket = await ceph.Gateway.CreateBucketAsync(withObjectLock: true);
        using var site = NewSite(bucket);
        var begun = TimeProvider.System.GetUtcNow();

        var backup = await site.BackUpAsync(Database);

        backup.Status.ShouldBe(BackupStatus.Verified);
        site.Reporter.Warnings.ShouldBeEmpty();
        var until = backup.Copies.Single(copy => copy.Target == "a").LockedUntil.ShouldNotBeNull();
        until.ShouldBeGreaterThan(begun.AddDays(2).AddSeconds(-1));
        backup.Copies.Where(copy => copy.Target != "a").ShouldAllBe(copy => copy.LockedUntil == null);
        using var client = ceph.Gateway.Client();
        var keys = (await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = BackupSite.Cluster })).S3Objects.ConvertAll(found => found.Key);
        keys.ShouldContain(key => key.EndsWith("-verified.json", StringComparison.Ordinal));
        keys.Count.ShouldBeGreaterThan(5);
        foreach (var key in keys)
        {
            var lockOf = (await client.GetObjectRetentionAsync(new GetObjectRetentionRequest { BucketName = bucket, Key = key })).Retention;
            (key, lockOf.Mode.Value, new DateTimeOffset(lockOf.RetainUntilDate!.Value.ToUniversalTime())).ShouldBe((key, "GOVERNANCE", until));
        }
    }

    [Fact]
    public async Task Backup_BucketWithoutObjectLock_IsVerifiedAndWarnsNamingTheCause()
    {
        using var site = NewSite(await ceph.Gateway.CreateBucketAsync());

        var backup = await site.BackUpAsync(Database);

        backup.Status.ShouldBe(BackupStatus.Verified);
        backup.Copies.ShouldAllBe(copy => copy.LockedUntil == null);
        var warning = site.Reporter.Warnings.ShouldHaveSingleItem();
        warning.ShouldContain("On target 'a'");
        warning.ShouldContain("has no Object Lock");
    }

    /// <summary>Target a is the bucket, b and c are folders.</summary>
    private JobSite NewSite(string bucket)
    {
        var site = fixture.NewSite(Database);
        site.Targets = null;
        site.Site.Settings["Targets__a__Type"] = "s3";
        site.Site.Settings["Targets__a__Endpoint"] = ceph.Gateway.Endpoint;
        site.Site.Settings["Targets__a__Region"] = ceph.Gateway.Region;
        site.Site.Settings["Targets__a__Bucket"] = bucket;
        site.Site.Settings["Targets__a__AccessKey"] = ceph.Gateway.AccessKey;
        site.Site.Settings["Targets__a__SecretKey"] = ceph.Gateway.SecretKey;
        site.Site.Settings["Targets__a__ObjectLock"] = "governance";
        site.Site.Settings["Targets__a__ObjectLockDays"] = "2";
        return site;
    }
}
