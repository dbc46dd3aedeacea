using BackupFunctions.Contracts;
using BackupFunctions.Storage.AzureBlob;
using BackupFunctions.Storage.Tests.Contract;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.AzureBlob;

[Collection(AzuriteCollection.Name)]
public sealed class AzureBlobNetworkTests(AzuriteFixture azurite)
{
    private const int Size = 20_000_000;

    /// <summary>Long enough not to be reached by a busy machine, short enough for a test.</summary>
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(3);

    [Theory]
    [MemberData(nameof(TargetCalls.All), MemberType = typeof(TargetCalls))]
    public async Task Call_WhenNobodyListens_IsUnreachable(string call)
    {
        using var target = new AzureBlobTarget("blob", azurite.Options("backups") with { Endpoint = azurite.Server.EndpointAt(FreePort.Next()) });

        var error = await TargetCalls.ErrorAsync(target, call);

        error.Code.ShouldBe(ErrorCodes.TargetUnreachable);
        error.Message.ShouldContain("Connection refused");
    }

    [Theory]
    [InlineData("open")]
    [InlineData("find")]
    [InlineData("list")]
    public async Task Call_OfSilentStore_IsUnreachableAfterTheStallTimeout(string call)
    {
        await using var proxy = new TcpProxy(azurite.Server.Port);
        proxy.GoSilentAfter(0);
        using var target = new AzureBlobTarget("blob", Behind(proxy, "backups"));

        var error = await TargetCalls.ErrorAsync(target, call);

        error.Code.ShouldBe(ErrorCodes.TargetUnreachable);
        error.Message.ShouldContain("not a byte for 3 s");
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData((2 * AzuriteFixture.BlockSize) + 1)]
    public async Task Write_ToStoreThatFallsSilent_IsUnreachable(int size)
    {
        await using var proxy = new TcpProxy(azurite.Server.Port);
        using var target = new AzureBlobTarget("blob", Behind(proxy, await azurite.Server.CreateContainerAsync()));
        await using var writer = await target.CreateAsync("stalled", CancellationToken.None);
        proxy.GoSilentAfter(0);

        var error = await Should.ThrowAsync<StorageException>(() => CompleteAsync(writer, size));

        error.Code.ShouldBe(ErrorCodes.TargetUnreachable);
        error.Message.ShouldContain("not a byte for 6 s");
    }

    /// <summary>In the headers, in the body of a small blob, in the first block, in the last block.</summary>
    [Theory]
    [InlineData(1_000_000, 50)]
    [InlineData(1_000_000, 500_000)]
    [InlineData((2 * AzuriteFixture.BlockSize) + 500_000, 3_000_000)]
    [InlineData((2 * AzuriteFixture.BlockSize) + 500_000, (2 * AzuriteFixture.BlockSize) + 250_000)]
    public async Task Write_ResetOnItsWay_IsUnreachableAndLeavesNothingVisible(int size, int after)
    {
        var container = await azurite.Server.CreateContainerAsync();
        await using var proxy = new TcpProxy(azurite.Server.Port);
        using var target = new AzureBlobTarget("blob", Behind(proxy, container));
        await using (var writer = await target.CreateAsync("reset", CancellationToken.None))
        {
            proxy.CutUploadAfter(after);

            (await Should.ThrowAsync<StorageException>(() => CompleteAsync(writer, size))).Code.ShouldBe(ErrorCodes.TargetUnreachable);
        }

        (await azurite.Server.Client(container).GetBlobsAsync().AllAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_BrokenInTheMiddle_IsUnreachableAndNeverAShortObject(bool cut)
    {
        var container = await azurite.Server.CreateContainerAsync();
        using (var direct = new AzureBlobTarget("blob", azurite.Options(container)))
        {
            await direct.PutAsync("broken", Bytes.Random(Size));
        }

        await using var proxy = new TcpProxy(azurite.Server.Port);
        using var target = new AzureBlobTarget("blob", Behind(proxy, container));
        await using var stream = await target.OpenReadAsync("broken", 0, CancellationToken.None);
        if (cut)
        {
            proxy.CutAfter(5_000_000);
        }
        else
        {
            proxy.GoSilentAfter(5_000_000);
        }

        (await Should.ThrowAsync<StorageException>(() => stream.AllAsync())).Code.ShouldBe(ErrorCodes.TargetUnreachable);
    }

    private static async Task CompleteAsync(IObjectWriter writer, int size)
    {
        await writer.WriteAsync(Bytes.Random(size), CancellationToken.None);
        await writer.CompleteAsync(CancellationToken.None);
    }

    private AzureBlobTargetOptions Behind(TcpProxy proxy, string container) =>
        azurite.Options(container) with { Endpoint = azurite.Server.EndpointAt(proxy.Port), StallTimeout = StallTimeout };
}
