using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Contracts;
using BackupFunctions.Storage.S3;
using ObjectLockMode = BackupFunctions.Contracts.ObjectLockMode;

namespace BackupFunctions.Storage.Tests.S3;

[Collection(CephCollection.Name)]
public sealed class S3ObjectLockTests(CephFixture ceph)
{
    private static readonly byte[] Content = [1, 2, 3];

    [Theory]
    [InlineData(ObjectLockMode.Governance)]
    [InlineData(ObjectLockMode.Compliance)]
    public async Task Lock_ThatHolds_NeitherDeletionNorReplacementLosesTheObject(ObjectLockMode mode)
    {
        var bucket = await ceph.Gateway.CreateBucketAsync(withObjectLock: true);
        using var target = new S3Target("b2", Locking(bucket, mode));
        await target.PutAsync("key", Content);
        var until = InSeconds(24 * 60 * 60);

        await target.LockAsync("key", until, CancellationToken.None);

        (await target.FindLockAsync("key", CancellationToken.None)).ShouldBe(until);
        using var client = ceph.Gateway.Client();
        (await client.GetObjectRetentionAsync(new GetObjectRetentionRequest { BucketName = bucket, Key = "key" })).Retention.Mode.Value
            .ShouldBe(mode.ToString().ToUpperInvariant());
        var error = await Should.ThrowAsync<StorageException>(() => target.DeleteForGoodAsync("key", CancellationToken.None));
        error.Code.ShouldBe(ErrorCodes.ObjectLocked);
        error.Message.ShouldContain("locked");
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "key", InputStream = new MemoryStream([9]) });
        var own = (await target.ListVersionsAsync("key", CancellationToken.None).AllAsync()).Single(version => !version.IsLatest);
        (await Should.ThrowAsync<StorageException>(() => target.DeleteVersionAsync("key", own.VersionId, CancellationToken.None)))
            .Code.ShouldBe(ErrorCodes.ObjectLocked);
        await using var stream = await target.OpenReadVersionAsync("key", own.VersionId, 0, CancellationToken.None);
        var kept = new byte[Content.Length];
        await stream.ReadExactlyAsync(kept);
        kept.ShouldBe(Content);
    }

    [Theory]
    [InlineData(ObjectLockMode.Governance)]
    [InlineData(ObjectLockMode.Compliance)]
    public async Task Lock_ThatHasEnded_LetsTheObjectGoAndNotBefore(ObjectLockMode mode)
    {
        var bucket = await ceph.Gateway.CreateBucketAsync(withObjectLock: true);
        using var target = new S3Target("b2", Locking(bucket, mode));
        await target.PutAsync("key", Content);
        var until = InSeconds(4);
        await target.LockAsync("key", until, CancellationToken.None);

        await UntilDeletedAsync(target, "key");

        TimeProvider.System.GetUtcNow().ShouldBeGreaterThanOrEqualTo(until);
        using var client = ceph.Gateway.Client();
        ((await client.ListVersionsAsync(bucket)).Versions ?? []).ShouldBeEmpty();
    }

    [Fact]
    public async Task FindLock_ObjectWithoutOne_IsNull()
    {
        using var target = new S3Target("b2", ceph.Options(await ceph.Gateway.CreateBucketAsync(withObjectLock: true)));
        await target.PutAsync("key", Content);

        (await target.FindLockAsync("key", CancellationToken.None)).ShouldBeNull();
        (await target.FindLockAsync("absent", CancellationToken.None)).ShouldBeNull();
        await target.DeleteAsync("key", CancellationToken.None);
        (await target.FindLockAsync("key", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Lock_BucketWithoutObjectLock_IsRefusedNamingIt()
    {
        using var target = new S3Target("b2", Locking(await ceph.Gateway.CreateBucketAsync(), ObjectLockMode.Governance));
        await target.PutAsync("key", Content);

        var error = await Should.ThrowAsync<StorageException>(() => target.LockAsync("key", InSeconds(60), CancellationToken.None));

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain("has no Object Lock");
        (await target.FindLockAsync("key", CancellationToken.None)).ShouldBeNull();
        await target.DeleteForGoodAsync("key", CancellationToken.None);
    }

    [Fact]
    public async Task Lock_Absent_IsAbsent()
    {
        using var target = new S3Target("b2", Locking(await ceph.Gateway.CreateBucketAsync(withObjectLock: true), ObjectLockMode.Governance));

        (await Should.ThrowAsync<StorageException>(() => target.LockAsync("key", InSeconds(60), CancellationToken.None)))
            .Code.ShouldBe(ErrorCodes.ObjectAbsent);
    }

    [Fact]
    public async Task Delete_UnderALegalHold_IsLocked()
    {
        var bucket = await ceph.Gateway.CreateBucketAsync(withObjectLock: true);
        using var target = new S3Target("b2", ceph.Options(bucket));
        await target.PutAsync("key", Content);
        using var client = ceph.Gateway.Client();
        await client.PutObjectLegalHoldAsync(new PutObjectLegalHoldRequest
        {
            BucketName = bucket,
            Key = "key",
            LegalHold = new ObjectLockLegalHold { Status = ObjectLockLegalHoldStatus.On },
        });

        (await Should.ThrowAsync<StorageException>(() => target.DeleteForGoodAsync("key", CancellationToken.None))).Code.ShouldBe(ErrorCodes.ObjectLocked);
    }

    [Theory]
    [InlineData("find", "s3:GetObjectRetention")]
    [InlineData("lock", "s3:PutObjectRetention")]
    public async Task Call_Forbidden_NamesThePermission(string call, string permission)
    {
        await using var store = new CannedStore((403, "AccessDenied"));
        using var target = new S3Target("b2", store.Options);

        var error = await Should.ThrowAsync<StorageException>(() => call is "find"
            ? target.FindLockAsync("key", CancellationToken.None)
            : target.LockAsync("key", InSeconds(60), CancellationToken.None));

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain(permission);
    }

    [Fact]
    public async Task FindLock_StoreThatIsAway_IsNotTakenForUnlocked()
    {
        await using var store = new CannedStore((503, "SlowDown"));
        using var target = new S3Target("b2", store.Options with { ReadRetryBudget = TimeSpan.Zero });

        (await Should.ThrowAsync<StorageException>(() => target.FindLockAsync("key", CancellationToken.None))).Code.ShouldBe(ErrorCodes.TargetUnreachable);
    }

    [Fact]
    public async Task Lock_SendsNoChecksumThatR2AndB2Reject()
    {
        await using var store = new CannedStore((200, ""));
        using var target = new S3Target("b2", store.Options);

        await target.LockAsync("key", InSeconds(60), CancellationToken.None);

        var headers = store.Requests.ShouldHaveSingleItem().Headers;
        headers.ContainsKey("Content-MD5").ShouldBeTrue();
        headers.Keys.ShouldNotContain(name => name.StartsWith("x-amz-checksum", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Delete_UnderALockRuleOfR2_IsLocked()
    {
        await using var store = new CannedStore((409, "ObjectLockedByBucketPolicy"));
        using var target = new S3Target("r2", store.Options with { Profile = S3Profile.R2 });

        var error = await Should.ThrowAsync<StorageException>(() => target.DeleteVersionAsync("key", "", CancellationToken.None));

        error.Code.ShouldBe(ErrorCodes.ObjectLocked);
        error.Message.ShouldContain("lock rule of bucket bucket");
        (await target.FindLockAsync("key", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Write_OfWhatALockRuleOfR2Holds_IsComparedLikeAnyOtherObjectThatIsThere()
    {
        await using var store = new CannedStore((404, "NoSuchKey"), (200, ""), (409, "ObjectLockedByBucketPolicy"), (200, ""));
        using var target = new S3Target("r2", store.Options with { Profile = S3Profile.R2 });

        (await Should.ThrowAsync<StorageException>(() => target.PutAsync("key", Content))).Code.ShouldBe(ErrorCodes.ObjectDamaged);
    }

    [Fact]
    public void Target_R2WithObjectLock_IsNotBuilt() =>
        Should.Throw<PgdrException>(() => new S3Target("r2", Locking("bucket", ObjectLockMode.Governance) with { Profile = S3Profile.R2 }))
            .Message.ShouldContain("lock rules");

    private static DateTimeOffset InSeconds(int seconds)
    {
        var at = TimeProvider.System.GetUtcNow().AddSeconds(seconds);
        return at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
    }

    private static async Task UntilDeletedAsync(S3Target target, string key)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                await target.DeleteForGoodAsync(key, patience.Token);
                return;
            }
            catch (StorageException e) when (e.Code is ErrorCodes.ObjectLocked)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), patience.Token);
            }
        }
    }

    private S3TargetOptions Locking(string bucket, ObjectLockMode mode) =>
        ceph.Options(bucket) with { Lock = new LockPolicy(mode, TimeSpan.FromDays(1)) };
}
