using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Timers;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;

public class ScheduleParserTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0 0 2 * * *", "2026-11-22T02:00:00Z")]
    [InlineData("00:05:00", "2026-11-21T12:05:00Z")]
    [InlineData("%Nightly%", "2026-11-22T03:30:00Z")]
    [InlineData("0 %Minute% 2 * * *", "2026-11-22T02:45:00Z")]
    [InlineData("0 %Minute% %Hour% * * *", "2026-11-22T04:45:00Z")]
    [InlineData("%Interval%", "2026-11-21T12:10:00Z")]
    [InlineData("1.00:00:00", "2026-11-22T12:00:00Z")]
    [Conforms("A schedule is NCRONTAB first, then a TimeSpan; %Setting% is replaced by the setting, also as a part of it", Source.WebJobsExtensions)]
    public void Parse_CronTimeSpanOrSetting_GivesSchedule(string text, DateTimeOffset expected) => Parse(text).After(Now).ShouldBe(expected);

    [Theory]
    [InlineData("%Missing%", "setting Missing, which is not set")]
    [InlineData("0 %Missing% 2 * * *", "setting Missing, which is not set")]
    [InlineData("0 % 2 * * *", "neither NCRONTAB")]
    [InlineData("%Wrong%", "'often' of function Nightly is neither NCRONTAB")]
    [InlineData("00:00:00", "positive TimeSpan")]
    [InlineData("-00:05:00", "positive TimeSpan")]
    [InlineData("0 0 0 30 2 *", "never runs")]
    [Conforms("Anything else is refused at start with the function's name", Source.WebJobsExtensions)]
    public void Parse_NoSchedule_NamesFunctionAndRemedy(string text, string expected)
    {
        var error = Should.Throw<PgdrException>(() => Parse(text));

        error.Code.ShouldBe(ErrorCodes.InvalidSettings);
        error.Message.ShouldContain("Nightly");
        error.Message.ShouldContain(expected);
    }

    [Fact]
    [Conforms("An unknown WEBSITE_TIME_ZONE is refused at start", Source.Own)]
    public void Zone_UnknownName_NamesSetting() =>
        Should.Throw<PgdrException>(() => ScheduleZone.Find("Mars/Olympus")).Message.ShouldContain("WEBSITE_TIME_ZONE names 'Mars/Olympus'");

    [Fact]
    [Conforms("Without WEBSITE_TIME_ZONE schedules are UTC", Source.FunctionsHost)]
    public void Zone_NoName_IsUtc() => ScheduleZone.Find(" ").ShouldBe(TimeZoneInfo.Utc);

    [Theory]
    [InlineData("*/30 * * * * *", false)]
    [InlineData("0 * * * * *", true)]
    [InlineData("0,30 0 2 * * *", false)]
    [InlineData("00:00:59", false)]
    [InlineData("0 0 2 * * *", true)]
    [Conforms("UseMonitor is forced to false for schedules that fire more often than once a minute", Source.WebJobsExtensions)]
    public void CanBeMonitored_MoreThanOnceAMinute_IsFalse(string text, bool expected) =>
        TimerTrigger.CanBeMonitored(Parse(text), Now).ShouldBe(expected);

    private static ISchedule Parse(string text) =>
        ScheduleParser.Parse(
            "Nightly",
            text,
            TimeZoneInfo.Utc,
            new ConfigurationBuilder()
                .AddInMemoryCollection([new("Nightly", "0 30 3 * * *"), new("Wrong", "often"), new("Minute", "45"), new("Hour", "4"), new("Interval", "00:10:00")])
                .Build());
}
