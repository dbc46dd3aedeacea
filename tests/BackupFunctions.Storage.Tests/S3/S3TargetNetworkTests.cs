using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BackupFunctions.Contracts;
using BackupFunctions.Storage.Failover;
using BackupFunctions.Storage.Local;
using BackupFunctions.Storage.S3;
using BackupFunctions.Storage.Tests.Contract;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Storage.Tests.S3;

[Collection(CephCollection.Name)]
public sealed class S3TargetNetworkTests(CephFixture ceph)
{
    private const int Size = 20_000_000;

    /// <summary>Long enough not to be reached by a busy machine, short enough for a test.</summary>
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(3);

    [Theory]
    [MemberData(nameof(TargetCalls.All), MemberType = typeof(TargetCalls))]
    public async Task Call_WhenNobodyListens_IsUnreachableWithinTheBudget(string call)
    {
        using var target = new S3Target("r2", ceph.Options("bucket") with { Endpoint = $"http://127.0.0.1:{FreePort.Next()}" });
        var watch = Stopwatch.StartNew();

        var error = await TargetCalls.ErrorAsync(target, call);

        error.Code.ShouldBe(ErrorCodes.TargetUnreachable);
        error.Message.ShouldContain("Connection refused");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Call_OfUnknownHost_IsUnreachable()
    {
        using var target = new S3Target("r2", ceph.Options("bucket") with { Endpoint = "http://no-such-host.invalid" });

        (await TargetCalls.ErrorAsync(target, "find")).Code.ShouldBe(ErrorCodes.TargetUnreachable);
    }

    [Fact]
    public async Task Call_OfAddressThatDoesNotAnswer_IsUnreachableAfterTheConnectTimeout()
    {
        // With its queue of connections full, Linux leaves further ones without an answer, like a firewall that drops.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(backlog: 0);
        var endpoint = (IPEndPoint)listener.LocalEndpoint;
        using var waiting = new TcpClient();
        await waiting.ConnectAsync(endpoint);
        var options = ceph.Options("bucket") with { Endpoint = $"http://{endpoint}", ConnectTimeout = TimeSpan.FromSeconds(1) };
        using var target = new S3Target("r2", options);

        var error = await TargetCalls.ErrorAsync(target, "find");

        error.Code.ShouldBe(ErrorCodes.TargetUnreachable);
        error.Message.ShouldContain("could not be established within the configured ConnectTimeout");
    }

    [Theory]
    [InlineData("open")]
    [InlineData("find")]
    [InlineData("list")]
    public async Task Call_OfSilentStore_IsUnreachableAfterTheStallTimeout(string call)
    {
        await using var proxy = new TcpProxy(ceph.Gateway.Port);
        proxy.GoSilentAfter(0);
        using var target = new S3Target("r2", ceph.Options("bucket") with { Endpoint = proxy.Endpoint, StallTimeout = StallTimeout });

        var error = await TargetCalls.ErrorAsync(target, call);

        error.Code.ShouldBe(ErrorCodes.TargetUnreachable);
        error.Message.ShouldContain("not a byte for 3 s");
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData((2 * S3TargetOptions.SmallestPartSize) + 1)]
    public async Task Write_ToStoreThatFallsSilent_IsUnreachableWithinTheBudget(int size)
    {
        await using var proxy = new TcpProxy(ceph.Gateway.Port);
        var options = ceph.Options(await ceph.Gateway.CreateBucketAsync()) with { Endpoint = proxy.Endpoint, StallTimeout = StallTimeout };
        using var target = new S3Target("r2", options);
        await using var writer = await target.CreateAsync("stalled", CancellationToken.None);
        proxy.GoSilentAfter(0);

        var error = await Should.ThrowAsync<StorageException>(async () =>
        {
            await writer.WriteAsync(Bytes.Random(size), CancellationToken.None);
            await writer.CompleteAsync(CancellationToken.None);
        });

        error.Code.ShouldBe(ErrorCodes.TargetUnreachable);
        error.Message.ShouldContain("not a byte for 6 s");
    }

    [Fact]
    public async Task Write_OverASlowLink_IsNotTakenForSilence()
    {
        await using var proxy = new TcpProxy(ceph.Gateway.Port) { UploadPause = TimeSpan.FromMilliseconds(30) };
        var options = ceph.Options(await ceph.Gateway.CreateBucketAsync()) with { Endpoint = proxy.Endpoint, StallTimeout = StallTimeout };
        using var target = new S3Target("r2", options);
        var content = Bytes.Random(4_500_000);
        var watch = Stopwatch.StartNew();

        await target.PutAsync("slow", content);

        watch.Elapsed.ShouldBeGreaterThan(2 * StallTimeout);
        (await target.GetAsync("slow")).ShouldEqual(content);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_BrokenInTheMiddle_IsUnreachableAndNeverAShortObject(bool cut)
    {
        var (proxy, target) = await BehindProxyAsync("broken");
        await using var proxyToEnd = proxy;
        using var targetToEnd = target;
        await using var stream = await target.OpenReadAsync("broken", 0, CancellationToken.None);
        Break(proxy, cut, 5_000_000);

        var error = await Should.ThrowAsync<StorageException>(() => stream.AllAsync());

        error.Code.ShouldBe(ErrorCodes.TargetUnreachable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FailoverRead_WhenTheStoreBreaksInTheMiddle_GoesOnAtTheNextTarget(bool cut)
    {
        using var folder = new TemporaryFolder();
        var local = new LocalTarget("local", folder["root"]);
        await local.PutAsync("object", Bytes.Random(Size));
        var (proxy, target) = await BehindProxyAsync("object");
        await using var proxyToEnd = proxy;
        using var targetToEnd = target;
        var reader = new FailoverReader([target, local], new FailoverReaderOptions { HedgeDelay = TimeSpan.FromMinutes(10) }, NullLogger.Instance);
        await using var stream = await reader.OpenAsync("object", Size, CancellationToken.None);
        Break(proxy, cut, 5_000_000);

        (await stream.AllAsync()).ShouldEqual(Bytes.Random(Size));

        stream.TargetsUsed.ShouldBe(["r2", "local"]);
        reader.BytesByTarget["r2"].ShouldBeGreaterThan(0);
        reader.BytesByTarget["local"].ShouldBeGreaterThan(Size / 2);
        (reader.BytesByTarget["r2"] + reader.BytesByTarget["local"]).ShouldBe(Size);
        reader.Failovers.ShouldHaveSingleItem().ShouldContain($"Switched from r2 to local at byte {reader.BytesByTarget["r2"]} of object");
    }

    private static void Break(TcpProxy proxy, bool cut, long after)
    {
        if (cut)
        {
            proxy.CutAfter(after);
        }
        else
        {
            proxy.GoSilentAfter(after);
        }
    }

    private async Task<(TcpProxy Proxy, S3Target Target)> BehindProxyAsync(string key)
    {
        var options = ceph.Options(await ceph.Gateway.CreateBucketAsync());
        using (var direct = new S3Target("r2", options))
        {
            await direct.PutAsync(key, Bytes.Random(Size));
        }

        var proxy = new TcpProxy(ceph.Gateway.Port);
        return (proxy, new S3Target("r2", options with { Endpoint = proxy.Endpoint, StallTimeout = StallTimeout }));
    }
}
