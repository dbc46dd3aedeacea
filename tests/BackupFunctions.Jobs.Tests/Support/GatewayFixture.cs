using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Support;

/// <summary>One Ceph for the tests of a class.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    public CephGateway Gateway { get; private set; } = null!;

    public async Task InitializeAsync() => Gateway = await CephGateway.StartAsync();

    public async Task DisposeAsync() => await Gateway.DisposeAsync();
}
