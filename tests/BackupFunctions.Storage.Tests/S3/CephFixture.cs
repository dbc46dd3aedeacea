using BackupFunctions.Storage.S3;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.S3;

/// <summary>One gateway for all tests of the assembly.</summary>
public sealed class CephFixture : IAsyncLifetime
{
    public CephGateway Gateway { get; private set; } = null!;

    public async Task InitializeAsync() => Gateway = await CephGateway.StartAsync();

    public async Task DisposeAsync() => await Gateway.DisposeAsync();

    /// <summary>Impatient, so that failures show within a test's time.</summary>
    public S3TargetOptions Options(string bucket) => new()
    {
        Endpoint = Gateway.Endpoint,
        Region = Gateway.Region,
        Bucket = bucket,
        AccessKey = Gateway.AccessKey,
        SecretKey = Gateway.SecretKey,
        PartSize = S3TargetOptions.SmallestPartSize,
        StallTimeout = TimeSpan.FromSeconds(2),
        RetryBudget = TimeSpan.FromSeconds(2),
    };
}
