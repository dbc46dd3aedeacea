using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Storage;
using BackupFunctions.Storage.S3;
using BackupFunctions.TestSupport;
using ObjectLockMode = BackupFunctions.Contracts.ObjectLockMode;

namespace BackupFunctions.Jobs.Tests.Retention;

/// <summary>Retention on a real bucket with versions and Object Lock; its other target is a folder. The store's clock is the real one.</summary>
public sealed class LockedBucketTests : IClassFixture<GatewayFixture>, IAsyncLifetime, IDisposable
{
    private readonly CephGateway _gateway;
    private readonly RetentionSite _site = new(TimeProvider.System.GetUtcNow());
    private string _bucket = null!;
    private S3Target? _far;

    public LockedBucketTests(GatewayFixture fixture) => _gateway = fixture.Gateway;

    public async Task InitializeAsync()
    {
        _bucket = await _gateway.CreateBucketAsync(withObjectLock: true);
        _far = new S3Target("far", Options(_bucket));
        _site.Targets = [_site.Near, _far];
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _far?.Dispose();
        _site.Dispose();
    }

    [Fact]
    public async Task Cleanup_ExpiredCopy_LeavesNoVersionOfItsData()
    {
        var old = await TombstonedAsync();
        await ReplaceAsync(StorageKeys.Object(RetentionSite.Cluster, old, "data/000001.tink"));

        (await _site.CleanUpAfterAsync(14)).Result.ShouldSatisfyAllConditions(
            result => result.Success.ShouldBeTrue(), result => result.Deleted.ShouldBe(2), result => result.Problems.ShouldBeEmpty());

        (await VersionsAsync(old)).Select(version => Path.GetFileName(version.Key)).Order(StringComparer.Ordinal).ShouldBe(["manifest.json", "manifest.sig"]);
        (await _site.RecordAsync(old)).Copies.ShouldAllBe(copy => copy.DeletedAt != null);
    }

    [Theory]
    [InlineData(ObjectLockMode.Governance)]
    [InlineData(ObjectLockMode.Compliance)]
    public async Task Cleanup_LockThatTheTargetTells_BlocksTheCopyAndTheCatalogKeepsIt(ObjectLockMode mode)
    {
        var old = await TombstonedAsync();
        await LockAsync(old, mode, _site.Clock.GetUtcNow().AddDays(20));
        var before = await VersionsAsync(old);

        var outcome = await _site.CleanUpAfterAsync(14);

        (outcome.Result.Success, outcome.Result.Deleted, outcome.Result.Blocked).ShouldBe((true, 1, 1));
        outcome.Decisions.Single(decision => decision.BackupId == old && decision.Target == "far").Reasons[1].ShouldStartWith("locked by the target until");
        (await VersionsAsync(old)).Count.ShouldBe(before.Count);
        (await _site.RecordAsync(old)).Copies.Single(copy => copy.Target == "far").DeletedAt.ShouldBeNull();
    }

    [Fact]
    public async Task Cleanup_LockThatHasNotEndedByTheStoresClock_IsNoFailureAndTheCopyGoesOnceItEnds()
    {
        var old = await TombstonedAsync();

        // For retention, 14 days later, the lock has ended; for the store it has not.
        await LockAsync(old, ObjectLockMode.Governance, _site.Clock.GetUtcNow().AddDays(13));
        var refused = await _site.CleanUpAfterAsync(14);
        (refused.Result.Success, refused.Result.Deleted, refused.Result.Blocked).ShouldBe((true, 1, 1));
        _site.Reporter.Warnings.ShouldContain(warning => warning.Contains("cannot be deleted before the lock ends", StringComparison.Ordinal));
        (await VersionsAsync(old)).Count.ShouldBe(5);
        DeletedStatements(old).ShouldBe(1);

        await EndLocksAsync(old);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (DeletedStatements(old) < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), patience.Token);
            _site.Clock.Advance(TimeSpan.FromMinutes(1));
            await _site.CleanUpAsync();
        }

        (await VersionsAsync(old)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Cleanup_VersionsMayNotBeListed_IsRefusedNamingThePermissionAndNothingIsStated()
    {
        var old = await TombstonedAsync();
        using var client = _gateway.Client();
        await client.PutBucketPolicyAsync(_bucket, $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:ListBucketVersions","Resource":"arn:aws:s3:::{{_bucket}}"}]}
            """);

        var outcome = await _site.CleanUpAfterAsync(14);

        outcome.Result.Success.ShouldBeFalse();
        outcome.Result.Problems.ShouldHaveSingleItem().ShouldContain("s3:ListBucketVersions");
        (await _site.RecordAsync(old)).Copies.Single(copy => copy.Target == "far").DeletedAt.ShouldBeNull();
        await client.DeleteBucketPolicyAsync(_bucket);
        (await VersionsAsync(old)).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Cleanup_ManifestAndStatementsHiddenByAThief_IsReportedAndNothingIsSwept()
    {
        var id = _site.PutBackup(ageInDays: 10);
        await UploadAsync();
        _site.Targets = [_far!];
        using var client = _gateway.Client();
        foreach (var found in (await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _bucket })).S3Objects)
        {
            if (!found.Key.EndsWith(".tink", StringComparison.Ordinal))
            {
                await client.DeleteObjectAsync(_bucket, found.Key);
            }
        }

        var result = (await _site.CleanUpAfterAsync(14)).Result;

        (result.Success, result.OrphansRemoved).ShouldBe((false, 0));
        result.Problems.ShouldHaveSingleItem().ShouldContain("left as an older version");
        (await VersionsAsync(id)).Count(version => version.IsDeleteMarker != true).ShouldBe(5);
    }

    [Fact]
    public async Task Cleanup_UploadThatNobodyFinished_IsFreedAfterAWeekAndOthersAreLeft()
    {
        _site.PutBackup(ageInDays: 1);
        await UploadAsync();
        using var client = _gateway.Client();
        foreach (var key in new[] { $"{RetentionSite.Cluster}/backups/a/data/000001.tink", "elsewhere/b" })
        {
            var upload = await client.InitiateMultipartUploadAsync(_bucket, key);
            using var part = new MemoryStream(new byte[100]);
            await client.UploadPartAsync(new UploadPartRequest { BucketName = _bucket, Key = key, UploadId = upload.UploadId, PartNumber = 1, InputStream = part });
        }

        (await _site.CleanUpAfterAsync(6)).Result.UploadsFreed.ShouldBe(0);
        (await _site.CleanUpAsync(dryRun: true)).Result.UploadsFreed.ShouldBe(0);
        (await _site.CleanUpAfterAsync(2)).Result.UploadsFreed.ShouldBe(1);

        var left = await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = _bucket });
        left.MultipartUploads.ShouldHaveSingleItem().Key.ShouldBe("elsewhere/b");
    }

    [Fact]
    public async Task Cleanup_UploadsMayNotBeListed_IsAWarning()
    {
        _site.PutBackup(ageInDays: 1);
        await UploadAsync();
        using var client = _gateway.Client();
        await client.PutBucketPolicyAsync(_bucket, $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:ListBucketMultipartUploads","Resource":"arn:aws:s3:::{{_bucket}}"}]}
            """);

        (await _site.CleanUpAsync()).Result.Success.ShouldBeTrue();

        _site.Reporter.Warnings.ShouldContain(warning => warning.StartsWith("Uploads that were never finished could not be freed", StringComparison.Ordinal));
    }

    /// <returns>The id of a backup whose grace is over in 14 days, on both targets.</returns>
    private async Task<string> TombstonedAsync()
    {
        var (old, _) = _site.PutOldAndNew();
        await UploadAsync();
        await _site.CleanUpAsync();
        _site.PutBackup(ageInDays: -13);
        await UploadAsync();
        return old;
    }

    /// <summary>The site writes folders: what it wrote for this target goes into the bucket.</summary>
    private async Task UploadAsync()
    {
        var root = _site.PathOf("far", "");
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            await using var writer = await _far!.CreateAsync(Path.GetRelativePath(root, file), CancellationToken.None);
            await writer.WriteAsync(await File.ReadAllBytesAsync(file), CancellationToken.None);
            await writer.CompleteAsync(CancellationToken.None);
        }
    }

    private async Task LockAsync(string backupId, ObjectLockMode mode, DateTimeOffset until)
    {
        using var locking = new S3Target("far", Options(_bucket) with { Lock = new LockPolicy(mode, TimeSpan.FromDays(1)) });
        foreach (var version in await VersionsAsync(backupId))
        {
            await locking.LockAsync(version.Key, until, CancellationToken.None);
        }
    }

    /// <summary>As who has stolen the credentials might.</summary>
    private async Task ReplaceAsync(string key)
    {
        using var client = _gateway.Client();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = key, ContentBody = "replaced" });
        await client.DeleteObjectAsync(_bucket, key);
    }

    private async Task<IReadOnlyList<S3ObjectVersion>> VersionsAsync(string backupId)
    {
        using var client = _gateway.Client();
        return (await client.ListVersionsAsync(_bucket, StorageKeys.Backup(RetentionSite.Cluster, backupId))).Versions ?? [];
    }

    /// <summary>A few seconds from now, by a right that the program's own credentials should not have.</summary>
    private async Task EndLocksAsync(string backupId)
    {
        using var client = _gateway.Client();
        foreach (var version in await VersionsAsync(backupId))
        {
            await client.PutObjectRetentionAsync(new PutObjectRetentionRequest
            {
                BucketName = _bucket,
                Key = version.Key,
                BypassGovernanceRetention = true,
                Retention = new ObjectLockRetention
                {
                    Mode = ObjectLockRetentionMode.Governance,
                    RetainUntilDate = TimeProvider.System.GetUtcNow().AddSeconds(3).UtcDateTime,
                },
            });
        }
    }

    private int DeletedStatements(string backupId) =>
        Directory.EnumerateFiles(_site.PathOf("near", StorageKeys.Statements(RetentionSite.Cluster, backupId)), "*-deleted.json").Count();

    private S3TargetOptions Options(string bucket) => new()
    {
        Endpoint = _gateway.Endpoint,
        Region = _gateway.Region,
        Bucket = bucket,
        AccessKey = _gateway.AccessKey,
        SecretKey = _gateway.SecretKey,
        Profile = S3Profile.Ceph,
    };
}
