using BackupFunctions.Contracts.Logs;

namespace BackupFunctions.Contracts.Tests.Logs;

public sealed class LogSpansTests
{
    private const int Positions = 24;

    [Fact]
    public void Of_StretchesThatOverlapOrTouch_AreOne() =>
        LogSpans.Of([new(1, 5, 9), new(1, 0, 3), new(2, 3, 4), new(1, 3, 5), new(1, 12, 12), new(1, 20, 21)]).All
            .ShouldBe([new LogSpan(1, 0, 9), new LogSpan(1, 20, 21), new LogSpan(2, 3, 4)]);

    [Theory]
    [InlineData(1, 0, 9, true)]
    [InlineData(1, 4, 4, true)]
    [InlineData(1, 9, 9, false)]
    [InlineData(1, 8, 10, false)]
    [InlineData(1, 21, 21, false)]
    [InlineData(2, 3, 4, true)]
    [InlineData(2, 0, 1, false)]
    [InlineData(3, 3, 4, false)]
    public void Holds_AStretchOrAPosition_WhenAllOfItIsThere(int timeline, ulong from, ulong to, bool holds) =>
        LogSpans.Of([new(1, 0, 9), new(1, 20, 21), new(2, 3, 4)]).Holds(timeline, from, to).ShouldBe(holds);

    /// <summary>Against sets of single positions.</summary>
    [Fact]
    public void Operations_AnySets_AreThoseOfTheirPositions()
    {
        var random = new Random(4711);
        for (var round = 0; round < 2000; round++)
        {
            var (left, right) = (Any(random), Any(random));
            var (one, other) = (Set(left), Set(right));
            Positions(left.Or(right)).ShouldBe(one.Union(other).Order());
            Positions(left.And(right)).ShouldBe(one.Intersect(other).Order());
            Positions(left.Without(right)).ShouldBe(one.Except(other).Order());
            left.Same(right).ShouldBe(one.SetEquals(other));
        }

        static IEnumerable<(int, ulong)> Positions(LogSpans spans) => Set(spans).Order();
    }

    [Fact]
    public void Without_ToTheVeryEnd_LeavesNothingBehind() =>
        LogSpans.Of([new(1, 0, ulong.MaxValue)]).Without(LogSpans.Of([new(1, 7, ulong.MaxValue)])).All.ShouldBe([new LogSpan(1, 0, 7)]);

    private static LogSpans Any(Random random) => LogSpans.Of(Enumerable.Range(0, random.Next(6)).Select(_ =>
    {
        var from = random.Next(Positions);
        return new LogSpan(1 + random.Next(2), (ulong)from, (ulong)random.Next(from, Positions + 1));
    }));

    private static HashSet<(int, ulong)> Set(LogSpans spans) =>
        [.. Enumerable.Range(1, 2).SelectMany(timeline => Enumerable.Range(0, Positions).Select(at => (timeline, (ulong)at))).Where(at => spans.Holds(at.timeline, at.Item2, at.Item2 + 1))];
}
