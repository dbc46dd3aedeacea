using System.Globalization;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Timers;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;

/// <summary>Los Angeles 2018: forward on 11 March 02:00 -08 to 03:00 -07, back on 4 November 02:00 -07 to 01:00 -08.</summary>
public class CronScheduleTests
{
    [Theory]
    [InlineData("0 30 1 * * *", "2018-11-03T12:00-07", "2018-11-04T01:30-07", "2018-11-05T01:30-08")]
    [InlineData("0 30 1 * * *", "2018-11-04T01:29-08", "2018-11-05T01:30-08", "2018-11-06T01:30-08")]
    [InlineData("0 30 2 * * *", "2018-03-10T12:00-08", "2018-03-11T03:30-07", "2018-03-12T02:30-07")]
    [InlineData("0 0 3 * * *", "2018-03-10T12:00-08", "2018-03-11T03:00-07", "2018-03-12T03:00-07")]
    [InlineData("0 */30 * * * *", "2018-11-04T00:45-07", "2018-11-04T01:00-07", "2018-11-04T01:30-07", "2018-11-04T01:00-08", "2018-11-04T01:30-08", "2018-11-04T02:00-08")]
    [InlineData("0 */30 * * * *", "2018-03-11T01:15-08", "2018-03-11T01:30-08", "2018-03-11T03:00-07", "2018-03-11T03:30-07")]
    [InlineData("0 50 * * * *", "2018-11-04T01:50-07", "2018-11-04T01:50-08", "2018-11-04T02:50-08")]
    [InlineData("0 0 */3 * * *", "2018-11-04T01:10-07", "2018-11-04T03:00-08", "2018-11-04T06:00-08")]
    [Conforms("Clocks forward: an occurrence in the missing hour moves behind it; clocks back: interval schedules run through both passes, others once, in the first", Source.WebJobsExtensions)]
    public void After_AroundClockChanges_FollowsTheRules(string expression, string start, params string[] expected)
    {
        var schedule = new CronSchedule(expression, CronExpression.Parse(expression), TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles"));
        var time = Time(start);
        foreach (var occurrence in expected)
        {
            time = schedule.After(time);
            time.ShouldBe(Time(occurrence));
        }
    }

    [Fact]
    [Conforms("Without a time zone schedules are UTC and know no clock changes", Source.FunctionsHost)]
    public void After_Utc_KnowsNoClockChanges()
    {
        var schedule = new CronSchedule("0 2 * * *", CronExpression.Parse("0 2 * * *"), TimeZoneInfo.Utc);

        schedule.After(Time("2018-11-04T02:00+00")).ShouldBe(Time("2018-11-05T02:00+00"));
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd'T'HH:mmzz", CultureInfo.InvariantCulture).ToUniversalTime();
}
