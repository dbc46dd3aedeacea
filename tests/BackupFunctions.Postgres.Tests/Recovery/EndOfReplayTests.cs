using BackupFunctions.Postgres.Recovery;

namespace BackupFunctions.Postgres.Tests.Recovery;

public sealed class EndOfReplayTests
{
    private readonly EndOfReplay _end = new();

    [Fact]
    public void IsReached_TheSameSegmentAskedForAgainAndAgain_IsTheEnd()
    {
        _end.IsReached(100, Asked(1)).ShouldBeFalse();
        _end.IsReached(100, Asked(3)).ShouldBeFalse();
        _end.IsReached(100, Asked(4)).ShouldBeTrue();
    }

    [Fact]
    public void IsReached_ReplayGoesOn_IsNotTheEnd()
    {
        _end.IsReached(100, Asked(1)).ShouldBeFalse();
        _end.IsReached(200, Asked(9)).ShouldBeFalse();
    }

    [Fact]
    public void IsReached_NoConnectionForLong_IsTheEnd()
    {
        Enumerable.Range(0, 19).ShouldAllBe(_ => !_end.IsReached(null, Asked(1000)));
        _end.IsReached(null, Asked(1000)).ShouldBeTrue();
    }

    [Fact]
    public void IsReached_ConnectionsFailNowAndThen_IsNotTheEnd()
    {
        for (var look = 0; look < 50; look++)
        {
            _end.IsReached(look % 10 == 0 ? (ulong)look : null, Asked(1000 + look)).ShouldBeFalse();
        }
    }

    private static RestoreCommandState Asked(int asks) => new("000000010000000000000001", Delivered: null, asks);
}
