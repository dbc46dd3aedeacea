using BackupFunctions.Storage.Failover;
using BackupFunctions.Storage.FanOut;
using BackupFunctions.Storage.Local;
using BackupFunctions.Storage.Resume;
using BackupFunctions.Storage.S3;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Storage.Tests.S3;

/// <summary>A real store behind a line that is late, trickles, or takes uploads slowly; its own time-outs are far longer than the test.</summary>
[Collection(CephCollection.Name)]
public sealed class S3SlowStoreTests(CephFixture ceph) : IDisposable
{
    private const int Size = 12_000_000;

    private static readonly TimeSpan Never = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _content = Bytes.Random(Size);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_OfAStoreThatIsLate_IsOvertakenByTheNextTarget()
    {
        var local = await LocalAsync();
        await using var proxy = new TcpProxy(ceph.Gateway.Port);
        using var r2 = await BehindAsync(proxy);
        var reader = new FailoverReader([r2, local], new FailoverReaderOptions { HedgeDelay = TimeSpan.FromSeconds(1), StallTimeout = Never }, NullLogger.Instance);
        await using var stream = await reader.OpenAsync("object", Size, CancellationToken.None);
        proxy.GoSilentAfter(5_000_000);

        (await stream.AllAsync()).ShouldEqual(_content);

        stream.TargetsUsed[^1].ShouldBe("local");
        reader.Failovers[^1].ShouldContain("Target r2 is slow: nothing of object came within");
        reader.BytesByTarget.Values.Sum().ShouldBe(Size);
    }

    [Fact]
    public async Task Read_OfAStoreThatTrickles_GoesOnAtTheNextTarget()
    {
        var local = await LocalAsync();
        await using var proxy = new TcpProxy(ceph.Gateway.Port) { DownloadPause = TimeSpan.FromMilliseconds(500) };
        using var r2 = await BehindAsync(proxy);
        var options = new FailoverReaderOptions { HedgeDelay = Never, StallTimeout = Never, SlowWindow = TimeSpan.FromSeconds(2) };
        var reader = new FailoverReader([r2, local], options, NullLogger.Instance);
        await using var stream = await reader.OpenAsync("object", Size, CancellationToken.None);

        (await stream.AllAsync()).ShouldEqual(_content);

        stream.TargetsUsed.ShouldBe(["r2", "local"]);
        reader.Failovers.ShouldHaveSingleItem().ShouldMatch(@"Target r2 is slow: object came at [\d.]+ KiB/s over [\d.]+ s\.$");
    }

    [Fact]
    public async Task Backup_ToAStoreThatTakesUploadsSlowly_GoesOnWithoutItAndShowsNothingThere()
    {
        var local = await LocalAsync();
        await using var proxy = new TcpProxy(ceph.Gateway.Port) { UploadPause = TimeSpan.FromMilliseconds(200) };
        using var r2 = await BehindAsync(proxy);
        var session = new FanOutSession(
            [r2, local], requiredCopies: 1, NullLogger.Instance, new FanOutOptions { SlowTargetAllowance = TimeSpan.FromSeconds(2), StallTimeout = Never });

        await using (var created = await session.CreateAsync("backup", CancellationToken.None))
        {
            for (var round = 0; round < 5; round++)
            {
                await created.WriteAsync(_content, CancellationToken.None);
            }

            await created.CompleteAsync(CancellationToken.None);
        }

        session.Failures.Keys.ShouldBe(["r2"]);
        session.Failures["r2"].ShouldContain("is finished later from another one");
        (await local.FindAsync("backup", CancellationToken.None))!.Size.ShouldBe(5L * Size);
        await session.SettleAsync();
        (await r2.FindAsync("backup", CancellationToken.None)).ShouldBeNull();
        await r2.AbortAbandonedAsync("backup", DateTimeOffset.MaxValue, CancellationToken.None);
        (await r2.ListUnfinishedAsync("backup", CancellationToken.None).AllAsync()).ShouldBeEmpty();
    }

    private async Task<LocalTarget> LocalAsync()
    {
        var local = new LocalTarget("local", _folder["root"]);
        await local.PutAsync("object", _content);
        return local;
    }

    private async Task<S3Target> BehindAsync(TcpProxy proxy)
    {
        var options = ceph.Options(await ceph.Gateway.CreateBucketAsync());
        using (var direct = new S3Target("r2", options))
        {
            await direct.PutAsync("object", _content);
        }

        return new S3Target("r2", options with { Endpoint = proxy.Endpoint, StallTimeout = Never });
    }
}
