using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Contracts;
using BackupFunctions.Storage.S3;

namespace BackupFunctions.Storage.Tests.S3;

[Collection(CephCollection.Name)]
public sealed class S3VersionTests(CephFixture ceph)
{
    private static readonly byte[] First = [1, 2, 3];
    private static readonly byte[] Second = [4, 5, 6, 7];

    [Fact]
    public async Task ListVersions_ReplacedAndDeletedObject_NamesEveryVersionAndTheMarker()
    {
        var (bucket, target) = await OverwrittenAsync();
        using var opened = target;
        await target.DeleteAsync("folder/key", CancellationToken.None);

        var versions = await target.ListVersionsAsync("folder/", CancellationToken.None).AllAsync();

        versions.Select(version => version.Size).Order().ShouldBe([0, First.Length, Second.Length]);
        versions.Single(version => version.IsLatest).IsDeletionMarker.ShouldBeTrue();
        (await target.FindAsync("folder/key", CancellationToken.None)).ShouldBeNull();
        (await VersionsAsync(bucket)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task OpenReadVersion_OfAReplacedObject_GivesTheOlderBytes()
    {
        var (_, target) = await OverwrittenAsync();
        using var opened = target;
        var older = (await target.ListVersionsAsync("folder/key", CancellationToken.None).AllAsync()).Single(version => !version.IsLatest);

        await using var stream = await target.OpenReadVersionAsync("folder/key", older.VersionId, 1, CancellationToken.None);
        var rest = new byte[10];
        var read = await stream.ReadAtLeastAsync(rest, 2, throwOnEndOfStream: true);

        rest[..read].ShouldBe(First[1..]);
        (await target.GetAsync("folder/key")).ShouldEqual(Second);
    }

    [Fact]
    public async Task OpenReadVersion_ThatIsGone_IsAbsent()
    {
        var (_, target) = await OverwrittenAsync();
        using var opened = target;
        var older = (await target.ListVersionsAsync("folder/key", CancellationToken.None).AllAsync()).Single(version => !version.IsLatest);
        await target.DeleteVersionAsync("folder/key", older.VersionId, CancellationToken.None);
        await target.DeleteVersionAsync("folder/key", older.VersionId, CancellationToken.None);

        (await Should.ThrowAsync<StorageException>(() => target.OpenReadVersionAsync("folder/key", older.VersionId, 0, CancellationToken.None)))
            .Code.ShouldBe(ErrorCodes.ObjectAbsent);
    }

    [Fact]
    public async Task DeleteForGood_ReplacedAndHiddenObject_LeavesNoVersionOfItAndAllOfOthers()
    {
        var (bucket, target) = await OverwrittenAsync();
        using var opened = target;
        await target.PutAsync("folder/key-of-another", First);
        await target.DeleteAsync("folder/key", CancellationToken.None);

        await target.DeleteForGoodAsync("folder/key", CancellationToken.None);

        (await VersionsAsync(bucket)).ShouldHaveSingleItem().Key.ShouldBe("folder/key-of-another");
    }

    [Fact]
    public async Task DeleteForGood_BucketWithoutVersions_Deletes()
    {
        using var target = new S3Target("b2", ceph.Options(await ceph.Gateway.CreateBucketAsync()));
        await target.PutAsync("key", First);

        await target.DeleteForGoodAsync("key", CancellationToken.None);

        (await target.FindAsync("key", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task ListVersions_Forbidden_IsRefusedNamingThePermission()
    {
        await using var store = new CannedStore((403, "AccessDenied"));
        using var target = new S3Target("b2", store.Options);

        var error = await Should.ThrowAsync<StorageException>(() => target.DeleteForGoodAsync("key", CancellationToken.None));

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain("s3:ListBucketVersions");
    }

    [Fact]
    public async Task DeleteVersion_Forbidden_IsRefusedNamingThePermission()
    {
        await using var store = new CannedStore((403, "AccessDenied"));
        using var target = new S3Target("b2", store.Options);

        var error = await Should.ThrowAsync<StorageException>(() => target.DeleteVersionAsync("key", "v1", CancellationToken.None));

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain("s3:DeleteObjectVersion");
    }

    [Theory]
    [InlineData(501, "NotImplemented")]
    [InlineData(200, "a plain listing")]
    public async Task DeleteForGood_StoreWithoutVersions_DeletesPlainly(int status, string code)
    {
        const string Listing =
            "<ListBucketResult><Contents><Key>key</Key><Size>3</Size><LastModified>2026-01-02T03:04:05Z</LastModified></Contents></ListBucketResult>";
        await using var store = new CannedStore((status, code), (200, "")) { Listing = Listing };
        using var target = new S3Target("old", store.Options);

        await target.DeleteForGoodAsync("key", CancellationToken.None);

        store.Requests.Last().ShouldSatisfyAllConditions(last => last.Method.ShouldBe("DELETE"), last => last.Path.ShouldBe("/bucket/key"));
    }

    private async Task<(string Bucket, S3Target Target)> OverwrittenAsync()
    {
        var bucket = await ceph.Gateway.CreateBucketAsync(withObjectLock: true);
        var target = new S3Target("b2", ceph.Options(bucket));
        await target.PutAsync("folder/key", First);
        using var client = ceph.Gateway.Client();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "folder/key", InputStream = new MemoryStream(Second) });
        return (bucket, target);
    }

    private async Task<IReadOnlyList<S3ObjectVersion>> VersionsAsync(string bucket)
    {
        using var client = ceph.Gateway.Client();
        return (await client.ListVersionsAsync(bucket)).Versions ?? [];
    }
}
