using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Catalog.Wal.Windows;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Tests.Wal.Windows;

public sealed class ArchiveIslandsTests : IClassFixture<TestKeys>, IDisposable
{
    private const ulong Size = LogFixture.Size;

    private static readonly string First = LogFixture.Epoch(1);
    private static readonly string Second = LogFixture.Epoch(2);

    private readonly CatalogFixture _storage;
    private readonly LogFixture _log;

    public ArchiveIslandsTests(TestKeys keys)
    {
        _storage = new CatalogFixture(keys);
        _log = new LogFixture(_storage, keys);
        _log.PutEpoch(First);
    }

    public void Dispose() => _storage.Dispose();

    [Fact]
    public async Task Of_MonthsOfArchivesBeforeTheLogThatIsKept_EachIsAPointAndNothingIsAGap()
    {
        _log.PutSegments(First, 2, 2);
        _log.PutSegments(First, 40, 40);
        _log.PutSegments(First, 80, 90);

        var windows = await WindowsAsync(Archive(1, 2), Archive(30, 40), _log.Base(60, 81));

        windows.Select(window => (window.EarliestLsn, window.LatestLsn, window.IsArchive)).ShouldBe(
            [((2 * Size) + 0x100, (2 * Size) + 0x100, true), ((40 * Size) + 0x100, (40 * Size) + 0x100, true), ((81 * Size) + 0x100, 91 * Size, false)]);
        windows[0].ToString().ShouldBe($"to 0/2000100 (2026-11-22 02:00:00Z) of timeline 1 alone, archive {Documents.Id(1)}");
        (await GapsAsync(Archive(1, 2), Archive(30, 40), _log.Base(60, 81))).ShouldBeEmpty();
        (await GapsAsync(_log.Base(1, 2), Archive(30, 40), _log.Base(60, 81))).ShouldHaveSingleItem().From.ShouldBe(3 * Size);
    }

    [Fact]
    public async Task Of_AHoleBehindLogThatIsNotAnArchivesAlone_IsAGap()
    {
        _log.PutSegments(First, 1, 2);
        _log.PutSegments(First, 40, 41);
        _log.PutSegments(First, 60, 61);

        // Log before the archive's own, and log behind it.
        (await GapsAsync(Archive(1, 2), Archive(30, 40))).Select(hole => hole.From).ShouldBe([3 * Size, 42 * Size]);
    }

    [Fact]
    public async Task Of_AHoleBehindAnArchiveOfTheRecoveryWindow_IsAGap()
    {
        _log.PutSegments(First, 2, 2);
        _log.PutSegments(First, 40, 41);

        (await GapsAsync(Documents.Start, Archive(1, 2))).ShouldHaveSingleItem().From.ShouldBe(3 * Size);
        (await GapsAsync(Documents.Start.AddDays(2), Archive(1, 2))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_TwoArchivesSideBySide_AreAWindowFromOneToTheOther()
    {
        _log.PutSegments(First, 2, 3);
        _log.PutSegments(First, 40, 41);

        var window = (await WindowsAsync(Archive(1, 2), Archive(2, 3)))[0];

        (window.EarliestLsn, window.LatestLsn, window.IsArchive).ShouldBe(((2 * Size) + 0x100, (3 * Size) + 0x100, true));
        window.ToString().ShouldStartWith("from 0/2000100");
    }

    [Fact]
    public async Task Of_NothingBehindIt_IsTheEndOfTheLogLikeAnyOther()
    {
        _log.PutSegments(First, 2, 2);

        var window = (await WindowsAsync(Archive(1, 2))).ShouldHaveSingleItem();

        (window.LatestLsn, window.IsArchive).ShouldBe((3 * Size, false));
    }

    [Fact]
    public async Task Of_ATimelineThatWasLeftLater_IsAnIslandAndOneThatGoesOnIsNot()
    {
        _log.PutSegments(First, 2, 2);
        _log.PutEpoch(Second, timeline: 2, new WalAncestor(1, "0/9000200"));
        _log.PutSegments(Second, 9, 11, timeline: 2);
        (await WindowsAsync(Archive(1, 2))).ShouldHaveSingleItem().IsArchive.ShouldBeTrue();

        var third = LogFixture.Epoch(3);
        _log.PutEpoch(third, timeline: 3, new WalAncestor(1, "0/2000200"));
        _log.PutSegments(third, 2, 4, timeline: 3);

        (await WindowsAsync(Archive(1, 2))).Select(window => (window.Timeline, window.IsArchive)).ShouldBe([(1, false), (3, false)]);
    }

    [Fact]
    public async Task Of_AnArchiveWithoutItsLog_IsStranded()
    {
        _log.PutSegments(First, 40, 41);
        var stranded = Archive(1, 2);
        var foreign = Archive(2, 3);

        var islands = ArchiveIslands.Of(await _log.ReadAsync(), [stranded, Archive(30, 40), _log.Base(31, 4), foreign with { Server = foreign.Server with { SystemIdentifier = "42" } }]);

        islands.Stranded.ShouldBe([stranded]);
    }

    [Fact]
    public async Task Explains_AGapThatAReceiverRecordedBehindAnArchive_IsNone()
    {
        _log.PutSegments(First, 2, 2);
        _log.PutSegments(First, 40, 41);
        var islands = ArchiveIslands.Of(await _log.ReadAsync(), [Archive(1, 2)]);
        var gap = new WalGap { Id = "x", FromTimeline = 1, FromLsn = Lsn.Format(3 * Size), ToTimeline = 1, ToLsn = Lsn.Format(40 * Size), Cause = WalGapCause.SlotMissing, FoundAt = Documents.Start };

        islands.Explains(gap, DateTimeOffset.MaxValue).ShouldBeTrue();
        islands.Explains(gap, Documents.Start).ShouldBeFalse();
        islands.Explains(gap with { FromLsn = Lsn.Format(4 * Size) }, DateTimeOffset.MaxValue).ShouldBeFalse();
    }

    private Manifest Archive(int day, int segment) => _log.Base(day, segment) with { Archive = true };

    private async Task<IReadOnlyList<RecoveryWindow>> WindowsAsync(params Manifest[] bases) =>
        await RecoveryWindows.OfAsync(await _log.ReadAsync(), bases, CancellationToken.None);

    private async Task<IReadOnlyList<LogHole>> GapsAsync(params Manifest[] bases) => await GapsAsync(since: null, bases);

    private async Task<IReadOnlyList<LogHole>> GapsAsync(DateTimeOffset? since, params Manifest[] bases)
    {
        var log = await _log.ReadAsync();
        var islands = ArchiveIslands.Of(log, bases);
        return [.. LogHole.Of(log).Where(hole => !islands.Explains(hole, since ?? DateTimeOffset.MaxValue))];
    }
}
