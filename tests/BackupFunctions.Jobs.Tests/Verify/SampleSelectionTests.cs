using BackupFunctions.Jobs.Verify;

namespace BackupFunctions.Jobs.Tests.Verify;

public sealed class SampleSelectionTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 5, 15, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(100, 10)]
    [InlineData(5000, 10)]
    public void Choose_TakesATenthAndTenAtMost(int backups, int chosen) =>
        SampleSelection.Choose(Backups(backups, _ => Now.AddDays(-5)), Now, withIncomplete: true).Count.ShouldBe(chosen);

    [Fact]
    public void Choose_NeverCheckedThenLongestUnchecked_ComesFirst()
    {
        var backups = Backups(21, index => index == 7 ? null : Now.AddDays(-2 - index));

        SampleSelection.Choose(backups, Now, withIncomplete: false).ShouldBe(["b7", "b20", "b19"]);
    }

    [Fact]
    public void Choose_AllCheckedToday_DrawsTheSameAllHourAndOthersLater()
    {
        var backups = Backups(50, index => Now.AddMinutes(-index));

        var drawn = Enumerable.Range(0, 100).Select(hour => string.Join(' ', SampleSelection.Choose(backups, Now.AddHours(hour * 0.1), withIncomplete: false))).ToList();

        drawn.Distinct(StringComparer.Ordinal).Count().ShouldBe(11);
        drawn[..7].Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        drawn.SelectMany(choice => choice.Split(' ')).Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Choose_Incomplete_ComesOnTopOfTheSample()
    {
        List<Candidate> backups = [.. Backups(30, _ => Now.AddDays(-5)), new Candidate("lacking", Now.AddHours(-1), Incomplete: true)];

        SampleSelection.Choose(backups, Now, withIncomplete: true).ShouldContain("lacking", StringComparer.Ordinal);
        SampleSelection.Choose(backups, Now, withIncomplete: true).Count.ShouldBe(5);
        SampleSelection.Choose(backups, Now, withIncomplete: false).ShouldNotContain("lacking", StringComparer.Ordinal);
    }

    private static List<Candidate> Backups(int count, Func<int, DateTimeOffset?> checkedAt) =>
        [.. Enumerable.Range(0, count).Select(index => new Candidate($"b{index}", checkedAt(index), Incomplete: false))];
}
