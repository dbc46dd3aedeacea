using BackupFunctions.Storage.S3;
using BackupFunctions.Storage.Tests.Contract;

namespace BackupFunctions.Storage.Tests.S3;

[Collection(CephCollection.Name)]
public sealed class S3TargetContractTests(CephFixture ceph) : StorageTargetContract
{
    private string _bucket = "";

    protected override async Task<IStorageTarget> CreateTargetAsync()
    {
        _bucket = await ceph.Gateway.CreateBucketAsync();
        return new S3Target("s3", ceph.Options(_bucket));
    }

    protected override async Task<int> UnfinishedAsync()
    {
        using var client = ceph.Gateway.Client();
        var uploads = await client.ListMultipartUploadsAsync(_bucket);
        return uploads.MultipartUploads?.Count ?? 0;
    }
}
