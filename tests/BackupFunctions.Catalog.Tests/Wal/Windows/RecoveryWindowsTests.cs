using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Catalog.Wal.Windows;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Tests.Wal.Windows;

public sealed class RecoveryWindowsTests : IClassFixture<TestKeys>, IDisposable
{
    private const ulong Size = LogFixture.Size;

    private static readonly string First = LogFixture.Epoch(1);
    private static readonly string Second = LogFixture.Epoch(2);

    private readonly CatalogFixture _storage;
    private readonly LogFixture _log;

    public RecoveryWindowsTests(TestKeys keys)
    {
        _storage = new CatalogFixture(keys);
        _log = new LogFixture(_storage, keys);
        _log.PutEpoch(First);
    }

    public void Dispose() => _storage.Dispose();

    [Fact]
    public async Task Of_TwoBasesAndLog_BeginsWithTheOldestThatTheLogReaches()
    {
        _log.PutSegments(First, 2, 9);
        var at = Documents.Start.AddDays(20);
        _log.PutInventory(First, 10 * Size, covered: new WalCoverage(at, Lsn.Format(10 * Size)));

        var window = (await OfAsync(_log.Base(1, 1), _log.Base(2, 3), _log.Base(3, 5))).ShouldHaveSingleItem();

        window.ShouldBe(new RecoveryWindow(
            1, Documents.Id(2), (3 * Size) + 0x100, Documents.Start.AddDays(2), 10 * Size, at - CoveredTime.Reserve));
        window.ToString().ShouldBe("from 0/3000100 (2026-11-23 02:00:00Z) to 0/A000000 (2026-12-11 01:59:50Z) of timeline 1");
    }

    [Fact]
    public async Task Of_LogWithAHole_IsAWindowOnEitherSideThatHasABase()
    {
        _log.PutSegments(First, 1, 3);
        _log.PutSegments(First, 6, 9);

        (await OfAsync(_log.Base(1, 1))).Select(Ends).ShouldBe([(1, (1 * Size) + 0x100, 4 * Size)]);
        (await OfAsync(_log.Base(1, 1), _log.Base(2, 7))).Select(Ends).ShouldBe([(1, (1 * Size) + 0x100, 4 * Size), (1, (7 * Size) + 0x100, 10 * Size)]);
        (await OfAsync(_log.Base(1, 5))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_ATimelineThatWentOn_BeginsWhereItLeftItsParent()
    {
        _log.PutSegments(First, 1, 4);
        _log.PutEpoch(Second, timeline: 2, new WalAncestor(1, "0/3000200"));
        _log.PutSegments(Second, 3, 6, timeline: 2);

        var windows = await OfAsync(_log.Base(1, 1), _log.Base(4, 5, timeline: 2));

        windows.Select(Ends).ShouldBe([(1, Size + 0x100, 5 * Size), (2, (3 * Size) + 0x200, 7 * Size)]);
        windows[1].EarliestAt.ShouldBeNull();
        windows[1].BackupId.ShouldBe(Documents.Id(1));
    }

    [Fact]
    public async Task Of_TheParentIsLost_BeginsWithTheTimelinesOwnBase()
    {
        _log.PutEpoch(Second, timeline: 2, new WalAncestor(1, "0/3000200"));
        _log.PutSegments(Second, 3, 6, timeline: 2);

        (await OfAsync(_log.Base(1, 1), _log.Base(4, 5, timeline: 2))).Select(Ends).ShouldBe([(2, (5 * Size) + 0x100, 7 * Size)]);
    }

    [Fact]
    public async Task Of_CoverageOlderThanTheBase_SaysNothingOfTheEnd()
    {
        _log.PutSegments(First, 1, 4);
        _log.PutInventory(First, 2 * Size, covered: new WalCoverage(Documents.Start, Lsn.Format(2 * Size)));

        (await OfAsync(_log.Base(2, 3))).ShouldHaveSingleItem().LatestAt.ShouldBeNull();
    }

    [Fact]
    public async Task Of_BasesOfAnotherServer_CountForNothing()
    {
        _log.PutSegments(First, 1, 4);
        var foreign = _log.Base(1, 1);

        (await OfAsync(foreign with { Server = foreign.Server with { SystemIdentifier = "42" } })).ShouldBeEmpty();
    }

    private static (int Timeline, ulong From, ulong To) Ends(RecoveryWindow window) => (window.Timeline, window.EarliestLsn, window.LatestLsn);

    private async Task<IReadOnlyList<RecoveryWindow>> OfAsync(params Manifest[] bases) =>
        await RecoveryWindows.OfAsync(await _log.ReadAsync(), bases, CancellationToken.None);
}
