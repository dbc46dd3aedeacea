using System.Security.Cryptography;
using Amazon.S3.Model;
using BackupFunctions.Contracts;
using BackupFunctions.Storage.Resume;
using BackupFunctions.Storage.S3;

namespace BackupFunctions.Storage.Tests.S3;

[Collection(CephCollection.Name)]
public sealed class S3UnfinishedUploadTests(CephFixture ceph)
{
    private const int PartSize = CephFixture.PartSize;

    [Theory]
    [InlineData(PartSize, 1)]
    [InlineData(PartSize + 1, 0)]
    public async Task Resume_AfterAKilledProcess_TakesPartsOfItsOwnSizeOnly(int partSize, int reusedParts)
    {
        var content = Bytes.Random((2 * PartSize) + 10);
        var bucket = await ceph.Gateway.CreateBucketAsync();
        using var client = ceph.Gateway.Client();
        var upload = (await client.InitiateMultipartUploadAsync(bucket, "c/key")).UploadId;
        using var part = new MemoryStream(content, 0, partSize);
        await client.UploadPartAsync(new UploadPartRequest
        {
            BucketName = bucket, Key = "c/key", UploadId = upload, PartNumber = 1, PartSize = partSize, InputStream = part,
        });
        using var target = new S3Target("s3", ceph.Options(bucket));

        await using var writer = await target.ResumeAsync("c/key", Expected(content), CancellationToken.None);
        await writer.WriteAsync(content, CancellationToken.None);
        await writer.CompleteAsync(CancellationToken.None);

        writer.ReusedBytes.ShouldBe(reusedParts * PartSize);
        (await target.GetAsync("c/key")).ShouldEqual(content);
        (await target.ListUnfinishedAsync("c/", CancellationToken.None).AllAsync()).Count.ShouldBe(1 - reusedParts);
    }

    [Fact]
    public async Task ListUnfinished_OfMoreThanOneUpload_NamesKeyAndTime()
    {
        var bucket = await ceph.Gateway.CreateBucketAsync();
        using var client = ceph.Gateway.Client();
        foreach (var key in new[] { "c/a", "c/a", "c/b/d", "other/e" })
        {
            await client.InitiateMultipartUploadAsync(bucket, key);
        }

        using var target = new S3Target("s3", ceph.Options(bucket));
        var found = await target.ListUnfinishedAsync("c/", CancellationToken.None).AllAsync();

        found.Select(upload => upload.Key).Order(StringComparer.Ordinal).ShouldBe(["c/a", "c/a", "c/b/d"]);
        found.ShouldAllBe(upload => (TimeProvider.System.GetUtcNow() - upload.LastUsed).Duration() < TimeSpan.FromMinutes(5));
        found.Select(upload => upload.Id).Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
    }

    [Fact]
    public async Task Resume_WithoutTheRightToListUploads_SendsEverything()
    {
        await using var store = new CannedStore((404, "NoSuchKey"), (200, ""), (403, "AccessDenied"), (200, ""));
        using var target = new S3Target("s3", store.Options with { PartSize = PartSize });
        var content = Bytes.Random(PartSize + 1);

        await using (var writer = await target.ResumeAsync("key", Expected(content), CancellationToken.None))
        {
            await writer.WriteAsync(content, CancellationToken.None);
            await store.UntilAsync("/bucket/key?partNumber=1&uploadId=upload-1");
            writer.ReusedBytes.ShouldBe(0);
        }

        store.Requests.ShouldContain(request => request.Method == "GET" && request.Path.Contains("uploads"));
        store.Requests.ShouldNotContain(request => request.Method == "DELETE");
    }

    [Fact]
    public async Task ListUnfinished_WithoutTheRight_IsRefusedWithThePermission()
    {
        await using var store = new CannedStore((403, "AccessDenied"));
        using var target = new S3Target("s3", store.Options);

        var error = await Should.ThrowAsync<StorageException>(() => target.AbortAbandonedAsync("c/", DateTimeOffset.MaxValue, CancellationToken.None));

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain("s3:ListBucketMultipartUploads");
    }

    [Theory]
    [InlineData(403, "AccessDenied", "s3:AbortMultipartUpload")]
    [InlineData(404, "NoSuchUpload", null)]
    [InlineData(204, "", null)]
    public async Task AbortUnfinished_Refused_NamesThePermissionAndGoneIsASuccess(int status, string code, string? permission)
    {
        await using var store = new CannedStore((status, code));
        using var target = new S3Target("s3", store.Options);
        var upload = new UnfinishedUpload("c/key", "upload-1", DateTimeOffset.UnixEpoch);

        var aborting = () => target.AbortUnfinishedAsync(upload, CancellationToken.None);

        if (permission is null)
        {
            await aborting();
            store.Requests.Last().Path.ShouldBe("/bucket/c/key?uploadId=upload-1");
        }
        else
        {
            var error = await Should.ThrowAsync<StorageException>(aborting);
            error.Code.ShouldBe(ErrorCodes.TargetRefused);
            error.Message.ShouldContain(permission);
        }
    }

    private static ExpectedObject Expected(byte[] content) => new(content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
}
