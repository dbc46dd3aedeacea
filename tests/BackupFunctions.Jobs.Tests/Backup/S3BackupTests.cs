using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Backup;

[Collection(ServerCollection.Name)]
public sealed class S3BackupTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Database = ServerFixture.Invoices;

    private CephGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await CephGateway.StartAsync();

    [Fact]
    public async Task BackupAndRecovery_OnARealS3Store_AreIdenticalAndItsTroubleIsTold()
    {
        using var site = NewSite(await _gateway.CreateBucketAsync(), _gateway.AccessKey);
        var backup = await site.BackUpAsync(Database);
        backup.Status.ShouldBe(BackupStatus.Verified);
        backup.Copies.ShouldAllBe(copy => copy.Verified);
        var recovered = await site.RecoverAsync(Database);
        recovered.Restored.Rows.ShouldBe(backup.Rows);

        using var withoutBucket = NewSite("no-such-bucket", _gateway.AccessKey);
        (await MissingCopyAsync(withoutBucket)).ShouldContain("no-such-bucket");

        using var withoutSpace = NewSite(await _gateway.CreateBucketAsync(_gateway.AccessKeyWithoutSpace), _gateway.AccessKeyWithoutSpace);
        (await MissingCopyAsync(withoutSpace)).ShouldContain("full");
    }

    [Fact]
    public async Task Backup_OnlyTargetLacksItsBucket_FailsWithCauseAndRemedy()
    {
        using var site = NewSite("no-such-bucket", _gateway.AccessKey);
        foreach (var name in new[] { "b", "c" })
        {
            site.Site.Settings.Remove($"Targets__{name}__Type");
            site.Site.Settings.Remove($"Targets__{name}__Path");
        }

        site.Site.Settings["STORAGE_ORDER"] = "a";

        (await site.BackUpAsync(Database).ShouldFailWithAsync(ErrorCodes.CopiesMissing)).ShouldContain("no-such-bucket");
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    /// <summary>Target a is the bucket, b and c are folders.</summary>
    private JobSite NewSite(string bucket, string accessKey)
    {
        var site = fixture.NewSite(Database);
        site.Targets = null;
        site.Site.Settings["Targets__a__Type"] = "s3";
        site.Site.Settings["Targets__a__Endpoint"] = _gateway.Endpoint;
        site.Site.Settings["Targets__a__Region"] = _gateway.Region;
        site.Site.Settings["Targets__a__Bucket"] = bucket;
        site.Site.Settings["Targets__a__AccessKey"] = accessKey;
        site.Site.Settings["Targets__a__SecretKey"] = _gateway.SecretKey;
        return site;
    }

    private static async Task<string> MissingCopyAsync(JobSite site)
    {
        var backup = await site.BackUpAsync(Database);
        backup.Status.ShouldBe(BackupStatus.Verified);
        var copy = backup.Copies.Single(copy => copy.Target == "a");
        copy.Written.ShouldBeFalse();
        return copy.Error!;
    }
}
