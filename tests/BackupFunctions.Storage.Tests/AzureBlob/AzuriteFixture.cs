using BackupFunctions.Storage.AzureBlob;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.AzureBlob;

/// <summary>One server for all tests of the assembly.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    /// <summary>As small as the parts of S3, so that the same cases have the same number of parts.</summary>
    public const int BlockSize = S3.CephFixture.PartSize;

    public AzuriteServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await AzuriteServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public AzureBlobTargetOptions Options(string container) => new()
    {
        Endpoint = Server.Endpoint,
        Container = container,
        AccountKey = Server.AccountKey,
        PartSize = BlockSize,
        RetryBudget = TimeSpan.FromSeconds(2),
        ReadRetryBudget = TimeSpan.FromSeconds(1),
    };
}
