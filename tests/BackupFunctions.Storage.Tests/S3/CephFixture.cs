using BackupFunctions.Storage.S3;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.S3;

/// <summary>One gateway for all tests of the assembly.</summary>
public sealed class CephFixture : IAsyncLifetime
{
    public const int PartSize = S3TargetOptions.SmallestPartSize;

    public CephGateway Gateway { get; private set; } = null!;

    public async Task InitializeAsync() => Gateway = await CephGateway.StartAsync();

    public async Task DisposeAsync() => await Gateway.DisposeAsync();

    /// <summary>With the smallest parts, so that small objects have several, and few retries.</summary>
    public S3TargetOptions Options(string bucket) => new()
    {
        Endpoint = Gateway.Endpoint,
        Region = Gateway.Region,
        Bucket = bucket,
        AccessKey = Gateway.AccessKey,
        SecretKey = Gateway.SecretKey,
        PartSize = PartSize,
        RetryBudget = TimeSpan.FromSeconds(2),
        ReadRetryBudget = TimeSpan.FromSeconds(1),
        Profile = S3Profile.Ceph,
    };
}
