using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Wal;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Wal;

public sealed class StoredLogTests : IAsyncLifetime, IDisposable
{
    private const string Epoch = "20261121T020000123Z-9f3c01ab";

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(3));
    private readonly TemporaryFolder _folder = new();
    private WalSite _site = null!;

    public async Task InitializeAsync()
    {
        _site = await WalSite.StartAsync();
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await _site.WriteAsync(60);
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    public void Dispose()
    {
        _folder.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task Status_AfterReceiving_IsOneRangeAndTellsHowFarTheServerIs()
    {
        var status = await new WalStatusQuery(_site.Jobs.Environment).RunAsync(_patience.Token);

        status.Problems.ShouldBeEmpty();
        var server = status.Servers.ShouldHaveSingleItem();
        (server.Name, server.SystemIdentifier).ShouldBe(("main", await _site.SystemAsync()));
        var range = server.Ranges.ShouldHaveSingleItem();
        (Lsn.Parse(server.ServerLsn!) - Math.Min(Lsn.Parse(server.ServerLsn!), Lsn.Parse(range.EndLsn))).ShouldBe((ulong)server.BehindBytes!.Value);
    }

    [Fact]
    public async Task Status_NamesThatFitNowhere_CountForNothing()
    {
        var system = await _site.SystemAsync();
        var hash = new string('c', 64);
        Put($"{StorageKeys.WalTimeline(BackupSite.Cluster, system, 1)}{WalObjectName.Segment("00000001FFFFFFFFFFFFFFFF", Epoch, hash)}");
        Put($"{StorageKeys.WalTimeline(BackupSite.Cluster, system, 7)}{WalObjectName.Segment("0000000100000000000000F0", Epoch, hash)}");
        Put($"{StorageKeys.WalOf(BackupSite.Cluster, system)}stray");
        Put($"{StorageKeys.Wal(BackupSite.Cluster)}not-a-server/00000001/x");

        var status = await new WalStatusQuery(_site.Jobs.Environment).RunAsync(_patience.Token);

        status.Problems.ShouldBeEmpty();
        status.Servers.ShouldHaveSingleItem().Ranges.ShouldHaveSingleItem().Timeline.ShouldBe(1);
    }

    [Fact]
    public async Task HoleInTheMiddle_StatusNamesIt_AndFetchStopsInsteadOfEndingTheLog()
    {
        var segments = (await _site.ObjectsAsync("a")).Where(name => name.Form == WalForm.Segment).ToList();
        var gone = segments[^2];
        foreach (var file in BackupSite.TargetNames.SelectMany(target => Directory.EnumerateFiles(_site.Jobs.Site.TargetFolder(target), gone.ToString(), SearchOption.AllDirectories)).ToList())
        {
            File.Delete(file);
        }

        var status = await new WalStatusQuery(_site.Jobs.Environment).RunAsync(_patience.Token);
        var failure = await Should.ThrowAsync<PgdrException>(() => FetchAsync(gone.File));

        status.Problems.ShouldHaveSingleItem().ShouldStartWith("GAP");
        failure.Code.ShouldBe(ErrorCodes.WalMissing);
        failure.Message.ShouldContain(gone.File);
        (await FetchAsync(segments[0].File)).ShouldBeTrue();
        (await FetchAsync("00000001000000FF000000F0")).ShouldBeFalse("it lies behind the end of the log");
        (await FetchAsync("00000002.history")).ShouldBeFalse();
        Directory.EnumerateFiles(_folder.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Fetch_DamagedOnOneTarget_IsTakenFromAnother()
    {
        var name = (await _site.ObjectsAsync("a")).First(name => name.Form == WalForm.Segment);
        var path = Directory.EnumerateFiles(_site.Jobs.Site.TargetFolder("a"), name.ToString(), SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        (await FetchAsync(name.File)).ShouldBeTrue();

        File.ReadAllBytes(_folder["file"]).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(_site.Server.DataFolder, "pg_wal", name.File))).ShouldBeTrue();
    }

    private Task<bool> FetchAsync(string file) => WalFetch.RunAsync(_site.Jobs.Environment, systemIdentifier: null, file, _folder["file"], _patience.Token);

    private void Put(string key)
    {
        foreach (var target in BackupSite.TargetNames)
        {
            var path = Path.Combine(_site.Jobs.Site.TargetFolder(target), key);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, [1]);
        }
    }
}
