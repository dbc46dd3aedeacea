using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Catalog.Wal.Windows;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Tests.Wal;

public sealed class StoredLogTests : IClassFixture<TestKeys>, IDisposable
{
    private static readonly string First = LogFixture.Epoch(1);
    private static readonly string Second = LogFixture.Epoch(2);

    private readonly TestKeys _keys;
    private readonly CatalogFixture _storage;
    private readonly LogFixture _log;

    public StoredLogTests(TestKeys keys)
    {
        (_keys, _storage) = (keys, new CatalogFixture(keys));
        _log = new LogFixture(_storage, keys);
        _log.PutEpoch(First);
        _log.PutSegments(First, 1, 3);
    }

    public void Dispose() => _storage.Dispose();

    [Fact]
    public async Task Read_LogOfBeforeInventories_EndsWhereItsNamesEnd()
    {
        var log = await _log.ReadAsync();

        log.ArchivedTo.ShouldBeEmpty();
        log.Doubts.ShouldBeEmpty();
        LogHole.Of(log).ShouldBeEmpty();
        log.KnownEnd(1).ShouldBe((3 * LogFixture.Size) + 1);
        (await log.CoverageAsync(1, ulong.MaxValue, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Read_EndTakenAway_TheInventorySaysWhereItWas()
    {
        _log.PutInventory(First, 6 * LogFixture.Size);

        var log = await _log.ReadAsync();

        log.ArchivedTo[1].ShouldBe(6 * LogFixture.Size);
        LogHole.Of(log).ShouldHaveSingleItem().ShouldBe(new LogHole(1, 4 * LogFixture.Size, 6 * LogFixture.Size, IsEnd: true));
    }

    [Fact]
    public async Task Read_TailBehindTheLastInventory_IsNoHole()
    {
        _log.PutInventory(First, 3 * LogFixture.Size);

        LogHole.Of(await _log.ReadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Coverage_OfSeveral_IsTheLatestThatTheLogReaches()
    {
        _log.PutInventory(First, 3 * LogFixture.Size, covered: Covered(1, 3));
        _log.PutInventory(First, 4 * LogFixture.Size, covered: Covered(2, 4));
        _log.PutInventory(First, 4 * LogFixture.Size, covered: Covered(3, 4));
        _log.PutInventory(First, 4 * LogFixture.Size);
        _log.PutInventory(First, 5 * LogFixture.Size, covered: Covered(4, 5));

        var log = await _log.ReadAsync();

        (await log.CoverageAsync(1, 4 * LogFixture.Size, CancellationToken.None))!.At.ShouldBe(Documents.Start.AddMinutes(3));
        (await log.CoverageAsync(1, (4 * LogFixture.Size) - 1, CancellationToken.None))!.At.ShouldBe(Documents.Start.AddMinutes(1));
        (await log.CoverageAsync(1, 1, CancellationToken.None)).ShouldBeNull();
        (await log.CoverageAsync(2, ulong.MaxValue, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Doubts_AnInventoryInTheMiddleIsGone_NamesIt()
    {
        _log.PutInventory(First, 2 * LogFixture.Size);
        var gone = _log.PutInventory(First, 3 * LogFixture.Size);
        _log.PutInventory(First, 4 * LogFixture.Size);
        _log.Remove(gone);

        (await _log.ReadAsync()).Doubts.ShouldHaveSingleItem().ShouldContain($"Inventory 2 of epoch {First}");
    }

    [Fact]
    public async Task Doubts_ForgedAndRenamedInventories_ProveNothing()
    {
        _log.PutInventory(First, 4 * LogFixture.Size);
        _log.PutInventory(First, 9 * LogFixture.Size, signer: _keys.Foreign);
        var renamed = new WalInventoryName(First, 1, 8 * LogFixture.Size);
        _storage.Put("a", StorageKeys.WalInventory(Documents.Cluster, LogFixture.System, 1, renamed), "{}"u8.ToArray());
        _storage.Put("a", StorageKeys.WalInventorySignature(Documents.Cluster, LogFixture.System, 1, renamed), [1]);

        var log = await _log.ReadAsync();

        log.ArchivedTo[1].ShouldBe(4 * LogFixture.Size);
        log.Doubts.Count.ShouldBe(2);
        log.Doubts.ShouldContain(doubt => doubt.Contains(_keys.Foreign.KeyId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Doubts_HundredsOfPlantedNames_AreNotAllRead()
    {
        for (var sequence = 2; sequence < 300; sequence++)
        {
            _storage.Put("a", StorageKeys.WalInventory(Documents.Cluster, LogFixture.System, 1, new WalInventoryName(First, sequence, ulong.MaxValue)), [1]);
        }

        var log = await _log.ReadAsync();

        log.ArchivedTo.ShouldBeEmpty();
        log.Doubts.Count.ShouldBeLessThanOrEqualTo(8);
    }

    [Fact]
    public async Task Read_InventoryDamagedOnOneTarget_IsTakenFromAnother()
    {
        var name = _log.PutInventory(First, 6 * LogFixture.Size);
        _storage.Put("a", StorageKeys.WalInventory(Documents.Cluster, LogFixture.System, 1, name), "{}"u8.ToArray());

        var log = await _log.ReadAsync();

        log.ArchivedTo[1].ShouldBe(6 * LogFixture.Size);
        log.Doubts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_NamesThatClaimAHigherTimeline_DoNotMakeAnEpochTheNewest()
    {
        _log.PutEpoch(Second, timeline: 2, new WalAncestor(1, "0/3000100"));
        _log.PutSegments(Second, 3, 3, timeline: 2);
        _log.Put(LogFixture.Segment(9, First, 'a', timeline: 7));

        var log = await _log.ReadAsync();

        log.NewestEpoch.EpochId.ShouldBe(Second);
    }

    [Fact]
    public async Task Read_ManyEpochs_TheYoungestOfTheNewestTimelineIsTaken()
    {
        _log.PutEpoch(Second);
        _log.PutSegments(Second, 4, 4);

        (await _log.ReadAsync()).NewestEpoch.EpochId.ShouldBe(Second);
    }

    private static WalCoverage Covered(int minute, ulong segment) => new(Documents.Start.AddMinutes(minute), Lsn.Format(segment * LogFixture.Size));
}
