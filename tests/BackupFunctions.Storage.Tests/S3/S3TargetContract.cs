using BackupFunctions.Storage.S3;
using BackupFunctions.Storage.Tests.Contract;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.S3;

/// <summary>The contract on a real gateway, used as the profile of another service says.</summary>
public abstract class S3TargetContract : ResumableTargetContract
{
    private string _bucket = "";

    protected abstract CephGateway Gateway { get; }

    protected abstract S3Profile Profile { get; }

    protected override async Task<IStorageTarget> CreateTargetAsync()
    {
        _bucket = await Gateway.CreateBucketAsync();
        return new S3Target("s3", CephFixture.Options(Gateway, _bucket) with { Profile = Profile });
    }

    protected override async Task<int> UnfinishedAsync()
    {
        using var client = Gateway.Client();
        var uploads = await client.ListMultipartUploadsAsync(_bucket);
        return uploads.MultipartUploads?.Count ?? 0;
    }
}
