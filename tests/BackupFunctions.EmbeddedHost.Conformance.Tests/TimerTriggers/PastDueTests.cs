using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Timers;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;

public class PastDueTests
{
    private static readonly ISchedule Hourly = new CronSchedule("0 0 * * * *", CronExpression.Parse("0 0 * * * *"), TimeZoneInfo.Utc);
    private static readonly ISchedule Daily = new CronSchedule("0 0 2 * * *", CronExpression.Parse("0 0 2 * * *"), TimeZoneInfo.Utc);
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    [Conforms("Without a stored status the first occurrence is written, so that one missed while down is caught later", Source.WebJobsExtensions)]
    public void Check_NothingStored_WritesFirstOccurrence() =>
        PastDue.Check(null, Hourly, Noon.AddMinutes(5))
            .ShouldBe(new PastDue(new TimerStatus(null, Noon.AddHours(1), Noon.AddMinutes(5)), IsNew: true, IsPastDue: false));

    [Fact]
    [Conforms("A stored next occurrence that lies ahead is not past due", Source.WebJobsExtensions)]
    public void Check_NextAhead_IsNotPastDue()
    {
        var stored = new TimerStatus(Noon, Noon.AddHours(1), Noon);

        PastDue.Check(stored, Hourly, Noon.AddMinutes(59)).ShouldBe(new PastDue(stored, IsNew: false, IsPastDue: false));
    }

    [Theory]
    [InlineData(61)]
    [InlineData(60 * 24 * 30)]
    [Conforms("However many occurrences were missed, they are past due once", Source.WebJobsExtensions)]
    public void Check_OneOrManyMissed_IsPastDueOnceFromTheFirst(int minutes)
    {
        var stored = new TimerStatus(Noon, Noon.AddHours(1), Noon);

        PastDue.Check(stored, Hourly, Noon.AddMinutes(minutes)).ShouldBe(new PastDue(stored, IsNew: false, IsPastDue: true));
    }

    [Fact]
    [Conforms("The very first occurrence can be missed too, and is past due", Source.WebJobsExtensions)]
    public void Check_FirstOccurrenceEverMissed_IsPastDue()
    {
        var stored = new TimerStatus(null, Noon.AddHours(1), Noon.AddMinutes(5));

        PastDue.Check(stored, Hourly, Noon.AddHours(3)).IsPastDue.ShouldBeTrue();
    }

    [Fact]
    [Conforms("An edited schedule whose occurrence has passed starts from now and is not past due", Source.WebJobsExtensions)]
    public void Check_ScheduleEditedAndItsOccurrencePassed_StartsFromNow()
    {
        var stored = new TimerStatus(Noon, Noon.AddHours(1), Noon);
        var later = Noon.AddDays(3);

        PastDue.Check(stored, Daily, later)
            .ShouldBe(new PastDue(new TimerStatus(null, Daily.After(later), later), IsNew: true, IsPastDue: false));
    }

    [Fact]
    [Conforms("An edited schedule whose occurrence lies ahead is computed from the last run, which is then forgotten", Source.WebJobsExtensions)]
    public void Check_ScheduleEditedAndItsOccurrenceAhead_KeepsBasis()
    {
        var stored = new TimerStatus(Noon, Noon.AddHours(1), Noon);

        PastDue.Check(stored, Daily, Noon.AddMinutes(90))
            .ShouldBe(new PastDue(new TimerStatus(null, Daily.After(Noon), Noon), IsNew: true, IsPastDue: false));
    }
}
