using BackupFunctions.Archive.Manifests;

namespace BackupFunctions.Archive.Tests.Manifests;

public class BackupIdsTests
{
    [Fact]
    public void New_FixedTime_StartsWithIt()
    {
        var time = new DateTimeOffset(2026, 11, 21, 3, 0, 0, 123, TimeSpan.FromHours(1));
        var id = BackupIds.New(new FixedTime(time));

        id.ShouldStartWith("20261121T020000123Z-");
        BackupIds.IsValid(id).ShouldBeTrue();
        BackupIds.TryGetTime(id, out var parsed).ShouldBeTrue();
        parsed.ShouldBe(time);
        BackupIds.New(new FixedTime(time)).ShouldNotBe(id, StringComparer.Ordinal);
    }

    [Fact]
    public void New_LaterTime_SortsBehind() =>
        string.CompareOrdinal(
            BackupIds.New(new FixedTime(new DateTimeOffset(2026, 9, 30, 23, 59, 59, 999, TimeSpan.Zero))),
            BackupIds.New(new FixedTime(new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero)))).ShouldBeLessThan(0);

    [Theory]
    [InlineData("20261121T020000123Z-9f3c01ab", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("../20261121T020000123Z-9f3c01ab", false)]
    [InlineData("20261121T020000123Z-9F3C01AB", false)]
    [InlineData("20261121T020000123Z-9f3c01ab\n", false)]
    [InlineData("20261121T020000123Z-9f3c01abc", false)]
    [InlineData("20261321T020000123Z-9f3c01ab", false)]
    [InlineData("20261121T240000123Z-9f3c01ab", false)]
    [InlineData("２0261121T020000123Z-9f3c01ab", false)]
    public void IsValid_AnyText_IsJudged(string? id, bool valid) => BackupIds.IsValid(id).ShouldBe(valid);

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now.ToUniversalTime();
    }
}
