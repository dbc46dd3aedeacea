using BackupFunctions.Postgres.BaseBackup;

namespace BackupFunctions.Postgres.Tests.BaseBackup;

public sealed class WalSummariesTests
{
    [Fact]
    public void FindGap_NothingNewerIsSummarizedYet_HasNone() => WalSummaries.FindGap([], reached: 100, start: 100).ShouldBeNull();

    [Fact]
    public void FindGap_SummariesThatOverlapAndMeet_HasNone() =>
        WalSummaries.FindGap([(90, 120), (110, 130), (130, 200)], reached: 200, start: 100).ShouldBeNull();

    [Fact]
    public void FindGap_NotBegun_IsAtTheStart() => WalSummaries.FindGap([], reached: 0, start: 100).ShouldBe(100UL);

    [Fact]
    public void FindGap_OlderOnesWereRemoved_IsAtTheStart() => WalSummaries.FindGap([(150, 200)], reached: 200, start: 100).ShouldBe(100UL);

    [Fact]
    public void FindGap_AllWereRemoved_IsAtTheStart() => WalSummaries.FindGap([], reached: 200, start: 100).ShouldBe(100UL);

    [Fact]
    public void FindGap_AHoleInBetween_IsWhereItBegins() => WalSummaries.FindGap([(90, 120), (130, 200)], reached: 200, start: 100).ShouldBe(120UL);
}
