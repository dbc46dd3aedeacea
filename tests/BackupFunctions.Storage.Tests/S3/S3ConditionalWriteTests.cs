using BackupFunctions.Contracts;
using BackupFunctions.Storage.S3;

namespace BackupFunctions.Storage.Tests.S3;

/// <summary>Ceph refuses to replace on both kinds of writes.</summary>
[Collection(CephCollection.Name)]
public sealed class S3ConditionalWriteTests(CephFixture ceph)
{
    [Theory]
    [InlineData(10, false)]
    [InlineData(10, true)]
    [InlineData(CephFixture.PartSize + 10, false)]
    [InlineData(CephFixture.PartSize + 10, true)]
    public async Task Write_OfAKeyTakenInTheMeantime_SucceedsWithTheSameBytesOnly(int size, bool same)
    {
        var bucket = await ceph.Gateway.CreateBucketAsync();
        using var target = new S3Target("ceph", ceph.Options(bucket));
        var content = Bytes.Random(size, seed: 1);
        await using (var late = await target.CreateAsync("key", CancellationToken.None))
        {
            await late.WriteAsync(same ? content : Bytes.Random(size, seed: 2), CancellationToken.None);
            await target.PutAsync("key", content);

            if (same)
            {
                await late.CompleteAsync(CancellationToken.None);
            }
            else
            {
                (await Should.ThrowAsync<StorageException>(() => late.CompleteAsync(CancellationToken.None))).Code.ShouldBe(ErrorCodes.ObjectDamaged);
            }
        }

        (await target.GetAsync("key")).ShouldEqual(content);
        using var client = ceph.Gateway.Client();
        ((await client.ListMultipartUploadsAsync(bucket)).MultipartUploads ?? []).ShouldBeEmpty();
    }
}
