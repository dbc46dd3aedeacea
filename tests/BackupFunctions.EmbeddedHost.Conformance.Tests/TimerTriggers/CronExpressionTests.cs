using System.Globalization;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Timers;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;

public class CronExpressionTests
{
    [Theory]
    [InlineData("0 0 2 * * *", "2026-03-01T01:59:59", "2026-03-01T02:00:00")]
    [InlineData("0 0 2 * * *", "2026-03-01T02:00:00", "2026-03-02T02:00:00")]
    [InlineData("0 2 * * *", "2026-03-01T00:00:00", "2026-03-01T02:00:00")]
    [InlineData("*/5 * * * *", "2026-03-01T00:01:00", "2026-03-01T00:05:00")]
    [InlineData("0 */5 * * * *", "2026-12-31T23:59:59", "2027-01-01T00:00:00")]
    [InlineData("*/15 * * * * *", "2026-03-01T00:00:14.5", "2026-03-01T00:00:15")]
    [InlineData("0 0 3 * * 0", "2026-11-20T00:00:00", "2026-11-22T03:00:00")]
    [InlineData("0 0 3 * * sun", "2026-11-20T00:00:00", "2026-11-22T03:00:00")]
    [InlineData("0 0 3 * * SUNDAY", "2026-11-20T00:00:00", "2026-11-22T03:00:00")]
    [InlineData("0 0 3 * * Mon-Fri", "2026-11-20T03:00:00", "2026-11-23T03:00:00")]
    [InlineData("0 0 4 1 * *", "2026-11-20T00:00:00", "2026-12-01T04:00:00")]
    [InlineData("0 0 4 1 jan,Jul *", "2026-11-20T00:00:00", "2027-01-01T04:00:00")]
    [InlineData("0 30 9-17/4 * * *", "2026-11-20T09:30:00", "2026-11-20T13:30:00")]
    [InlineData("0 10/20 * * * *", "2026-11-20T00:31:00", "2026-11-20T00:50:00")]
    [InlineData("5,10 59 23 31 12 *", "2026-12-31T23:59:05", "2026-12-31T23:59:10")]
    [InlineData("0 0 0 13 * 5", "2026-11-14T00:00:00", "2027-08-13T00:00:00")]
    [InlineData("0 0 0 29 2 *", "2026-01-01T00:00:00", "2028-02-29T00:00:00")]
    [InlineData("0 0 0 29 2 0", "2026-01-01T00:00:00", "2032-02-29T00:00:00")]
    [InlineData("  0   0 2 *  * * ", "2026-03-01T00:00:00", "2026-03-01T02:00:00")]
    [InlineData("30 59 23 * * *", "2026-03-01T23:59:29.9999999", "2026-03-01T23:59:30")]
    [InlineData("0 59 * * * *", "2026-03-01T22:59:30", "2026-03-01T23:59:00")]
    [Conforms("NCRONTAB has 6 fields, or 5 with the second 0; lists, ranges, steps, English names, Sunday is 0; day and day of week must both match", Source.WebJobsExtensions)]
    public void After_ExpressionAndTime_GivesNextOccurrence(string expression, string time, string expected) =>
        CronExpression.Parse(expression).After(Time(time)).ShouldBe(Time(expected));

    [Fact]
    [Conforms("A day that no month has never comes", Source.Own)]
    public void After_DayThatNoMonthHas_GivesNone() =>
        CronExpression.Parse("0 0 0 31 2 *").After(Time("2026-01-01T00:00:00")).ShouldBeNull();

    [Theory]
    [InlineData("", "0 fields")]
    [InlineData("* * * *", "4 fields")]
    [InlineData("* * * * * * *", "7 fields")]
    [InlineData("60 * * * * *", "60 is not within 0 to 59")]
    [InlineData("0 0 24 * * *", "24 is not within 0 to 23")]
    [InlineData("0 0 0 0 * *", "0 is not within 1 to 31")]
    [InlineData("0 0 0 * 13 *", "13 is not within 1 to 12")]
    [InlineData("0 0 0 * * 7", "7 is not within 0 to 6")]
    [InlineData("0 0 0 * * Fri-Mon", "runs backwards")]
    [InlineData("0 */0 * * * *", "step")]
    [InlineData("0 */x * * * *", "step")]
    [InlineData("0 -5 * * * *", "not a value")]
    [InlineData("0 1, * * * *", "not a value")]
    [InlineData("0 0 0 L * *", "not a value")]
    [InlineData("0 0 0 * * Mo", "not a value")]
    [InlineData("0 0 0 ? * *", "not a value")]
    [Conforms("Text that is not NCRONTAB is refused in words that name the field; there is no L, W, # or ?", Source.WebJobsExtensions)]
    public void Parse_WrongText_SaysWhat(string expression, string reason) =>
        Should.Throw<FormatException>(() => CronExpression.Parse(expression)).Message.ShouldContain(reason);

    [Theory]
    [InlineData("0 0 2 * * *", false)]
    [InlineData("0 30 1,13 * * *", false)]
    [InlineData("30 1 * * 1-5", false)]
    [InlineData("0 */30 * * * *", true)]
    [InlineData("0 0 1-5 * * *", true)]
    [InlineData("0 * * * *", true)]
    [Conforms("A star, slash or dash in the time fields makes an interval schedule, otherwise it is a point in time", Source.WebJobsExtensions)]
    public void IsInterval_TimeFields_TellIntervalFromPointInTime(string expression, bool expected) =>
        CronExpression.Parse(expression).IsInterval.ShouldBe(expected);

    private static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);
}
