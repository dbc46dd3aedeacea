using BackupFunctions.Storage.S3;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.S3;

/// <summary>Two clusters that know nothing of each other, as R2 and B2 do not; one pair for all tests of the assembly.</summary>
public sealed class CephFixture : IAsyncLifetime
{
    public const int PartSize = S3TargetOptions.SmallestPartSize;

    public CephGateway Gateway { get; private set; } = null!;

    public CephGateway SecondGateway { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var gateways = await Task.WhenAll(CephGateway.StartAsync(), CephGateway.StartAsync());
        (Gateway, SecondGateway) = (gateways[0], gateways[1]);
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await SecondGateway.DisposeAsync();
    }

    public S3TargetOptions Options(string bucket) => Options(Gateway, bucket);

    /// <summary>With the smallest parts, so that small objects have several, and few retries.</summary>
    public static S3TargetOptions Options(CephGateway gateway, string bucket) => new()
    {
        Endpoint = gateway.Endpoint,
        Region = gateway.Region,
        Bucket = bucket,
        AccessKey = gateway.AccessKey,
        SecretKey = gateway.SecretKey,
        PartSize = PartSize,
        RetryBudget = TimeSpan.FromSeconds(2),
        ReadRetryBudget = TimeSpan.FromSeconds(1),
        Profile = S3Profile.Ceph,
    };
}
