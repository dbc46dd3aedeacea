using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Timers;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;

public class TimerListenerTests
{
    private static readonly DateTimeOffset Noon = TimerListenerFixture.Noon;

    [Fact]
    [Conforms("The next occurrence is stored before it is due and the run is on time, not past due", Source.WebJobsExtensions)]
    public async Task Listen_FirstStart_RemembersNextAndRunsOnTime()
    {
        await using var fixture = new TimerListenerFixture();
        fixture.Start("0 5 * * * *");

        (await fixture.Clock.NextWaitAsync()).ShouldBe(TimeSpan.FromMinutes(5));
        fixture.Stored["Nightly"].ShouldBe(new TimerStatus(null, Noon.AddMinutes(5), Noon));
        fixture.HasRun.ShouldBeFalse();
        fixture.Clock.Advance(TimeSpan.FromMinutes(5));

        var run = await fixture.NextRunAsync();
        run.IsPastDue.ShouldBeFalse();
        run.ScheduleStatus!.Next.ShouldBe(Noon.AddMinutes(5).DateTime);
        run.ScheduleStatus.Last.ShouldBe(default);
        (await fixture.Clock.NextWaitAsync()).ShouldBe(TimerListener.LongestWait);
        fixture.Stored["Nightly"].ShouldBe(new TimerStatus(Noon.AddMinutes(5), Noon.AddMinutes(65), Noon.AddMinutes(5)));
    }

    [Fact]
    [Conforms("Missed occurrences cause one immediate run with IsPastDue, and RunOnStartup none beside it", Source.WebJobsExtensions)]
    public async Task Listen_OccurrencesMissed_RunsOnceAsPastDue()
    {
        await using var fixture = new TimerListenerFixture();
        fixture.Stored["Nightly"] = new TimerStatus(Noon.AddHours(-5), Noon.AddHours(-4), Noon.AddHours(-5));
        fixture.Start("0 0 * * * *", runOnStartup: true);

        (await fixture.NextRunAsync()).IsPastDue.ShouldBeTrue();
        await fixture.Clock.NextWaitAsync();
        fixture.HasRun.ShouldBeFalse();
        fixture.Stored["Nightly"].Next.ShouldBe(Noon.AddHours(1));
    }

    [Fact]
    [Conforms("RunOnStartup runs once at start, not past due", Source.WebJobsExtensions)]
    public async Task Listen_RunOnStartup_RunsWithoutPastDue()
    {
        await using var fixture = new TimerListenerFixture();
        fixture.Start("0 0 * * * *", runOnStartup: true);

        (await fixture.NextRunAsync()).IsPastDue.ShouldBeFalse();
        await fixture.Clock.NextWaitAsync();
        fixture.HasRun.ShouldBeFalse();
    }

    [Fact]
    [Conforms("A failed run is swallowed and the schedule goes on", Source.WebJobsExtensions)]
    public async Task Listen_RunFails_ScheduleGoesOn()
    {
        await using var fixture = new TimerListenerFixture { Body = () => throw new InvalidOperationException("broken") };
        fixture.Start("0 * * * * *");
        for (var run = 0; run < 3; run++)
        {
            await fixture.Clock.NextWaitAsync();
            fixture.Clock.Advance(TimeSpan.FromMinutes(1));
            await fixture.NextRunAsync();
        }

        await fixture.Clock.NextWaitAsync();
        fixture.Stored["Nightly"].Last.ShouldBe(Noon.AddMinutes(3));
    }

    [Fact]
    [Conforms("Occurrences during a long run are skipped, except one at once after it, not past due; runs never overlap", Source.WebJobsExtensions)]
    public async Task Listen_RunOutlastsOccurrences_RunsOnceAtOnceAndNotPastDue()
    {
        await using var fixture = new TimerListenerFixture();
        fixture.Body = () =>
        {
            fixture.Clock.Advance(TimeSpan.FromMinutes(3.5));
            fixture.Body = () => Task.CompletedTask;
            return Task.CompletedTask;
        };
        fixture.Start("0 * * * * *");
        await fixture.Clock.NextWaitAsync();
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));

        await fixture.NextRunAsync();
        (await fixture.NextRunAsync()).IsPastDue.ShouldBeFalse();
        (await fixture.Clock.NextWaitAsync()).ShouldBe(TimeSpan.FromSeconds(30));
        fixture.HasRun.ShouldBeFalse();
    }

    [Fact]
    [Conforms("With UseMonitor false nothing is stored and TimerInfo.ScheduleStatus is null", Source.WebJobsExtensions)]
    public async Task Listen_NotMonitored_StoresNothingAndGivesNoStatus()
    {
        await using var fixture = new TimerListenerFixture();
        fixture.Start("0 * * * * *", monitored: false);
        await fixture.Clock.NextWaitAsync();
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));

        (await fixture.NextRunAsync()).ScheduleStatus.ShouldBeNull();
        await fixture.Clock.NextWaitAsync();
        fixture.Stored.ShouldBeEmpty();
    }

    [Fact]
    [Conforms("A standby takes over when the listening host is gone, and catches what was missed", Source.WebJobsExtensions)]
    public async Task Listen_OtherHostListens_TakesOverWhenItIsGone()
    {
        await using var fixture = new TimerListenerFixture { LockIsFree = false };
        fixture.Stored["Nightly"] = new TimerStatus(Noon.AddHours(-2), Noon.AddHours(-1), Noon.AddHours(-2));
        fixture.Start("0 0 * * * *");

        (await fixture.Clock.NextWaitAsync()).ShouldBe(TimerListener.StandbyInterval);
        fixture.HasRun.ShouldBeFalse();
        fixture.LockIsFree = true;
        fixture.Clock.Advance(TimerListener.StandbyInterval);

        (await fixture.NextRunAsync()).IsPastDue.ShouldBeTrue();
    }

    [Fact]
    [Conforms("A host that lost its lock does not run the timer", Source.WebJobsExtensions)]
    public async Task Listen_LockLost_DoesNotRun()
    {
        await using var fixture = new TimerListenerFixture();
        fixture.Start("0 * * * * *");
        await fixture.Clock.NextWaitAsync();
        (fixture.LockIsHeld, fixture.LockIsFree) = (false, false);
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));

        (await fixture.Clock.NextWaitAsync()).ShouldBe(TimerListener.StandbyInterval);
        fixture.HasRun.ShouldBeFalse();
    }

    [Fact]
    [Conforms("Long waits are chained, so that a clock that was set is noticed", Source.WebJobsExtensions)]
    public async Task Listen_FarOccurrence_ChainsWaits()
    {
        await using var fixture = new TimerListenerFixture();
        fixture.Start("0 25 12 * * *");
        TimeSpan[] waits = [TimerListener.LongestWait, TimerListener.LongestWait, TimeSpan.FromMinutes(5)];
        foreach (var wait in waits)
        {
            (await fixture.Clock.NextWaitAsync()).ShouldBe(wait);
            fixture.HasRun.ShouldBeFalse();
            fixture.Clock.Advance(wait);
        }

        await fixture.NextRunAsync();
    }

    [Fact]
    [Conforms("Occurrences more than 24 days away are waited for in a chain and run on time", Source.WebJobsExtensions)]
    public async Task Listen_OccurrenceBeyondTimerLimits_RunsOnTime()
    {
        await using var fixture = new TimerListenerFixture();
        fixture.Start("0 0 12 21 5 *");
        (await fixture.Clock.NextWaitAsync()).ShouldBe(TimerListener.LongestWait);

        fixture.Clock.Advance(TimeSpan.FromDays(180));
        (await fixture.Clock.NextWaitAsync()).ShouldBe(TimerListener.LongestWait);
        fixture.HasRun.ShouldBeFalse();
        fixture.Clock.Advance(TimeSpan.FromDays(1));

        var run = await fixture.NextRunAsync();
        run.IsPastDue.ShouldBeFalse();
        run.ScheduleStatus!.Next.ShouldBe(new DateTime(2027, 5, 21, 12, 0, 0, DateTimeKind.Unspecified));
    }

    [Fact]
    [Conforms("A run that begins before its time by the clock (skew) is followed by the next occurrence, not by the same again", Source.WebJobsExtensions)]
    public async Task Listen_ClockSetBackBeforeTheRun_DoesNotRunTheOccurrenceAgain()
    {
        await using var fixture = new TimerListenerFixture();
        fixture.Start("0 0 * * * *", monitored: true);
        await fixture.Clock.NextWaitAsync();
        fixture.BeforeRun = () => fixture.Clock.Advance(TimeSpan.FromSeconds(-20));
        fixture.Clock.Advance(TimeSpan.FromHours(1));

        await fixture.NextRunAsync();
        await fixture.Clock.NextWaitAsync();

        fixture.Stored["Nightly"].ShouldBe(new TimerStatus(Noon.AddHours(1), Noon.AddHours(2), Noon.AddHours(1)));
        PastDue.Check(fixture.Stored["Nightly"], new CronSchedule("0 0 * * * *", CronExpression.Parse("0 0 * * * *"), TimeZoneInfo.Utc), fixture.Clock.GetUtcNow())
            .ShouldBe(new PastDue(fixture.Stored["Nightly"], IsNew: false, IsPastDue: false));
    }

    [Fact]
    [Conforms("A run by hand does not overlap the schedule's", Source.Own)]
    public async Task RunNow_WhileScheduledRunGoesOn_WaitsForItsEnd()
    {
        await using var fixture = new TimerListenerFixture();
        var release = new TaskCompletionSource();
        fixture.Body = () => release.Task;
        var listener = fixture.Start("0 * * * * *");
        await fixture.Clock.NextWaitAsync();
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.NextRunAsync();

        var manual = listener.RunNowAsync(CancellationToken.None);

        fixture.HasRun.ShouldBeFalse();
        release.SetResult();
        await manual;
        (await fixture.NextRunAsync()).IsPastDue.ShouldBeFalse();
    }

    [Fact]
    [Conforms("An occurrence whose run was cut by the end of the host stays due", Source.Own)]
    public async Task Listen_HostStopsDuringRun_LeavesOccurrenceDue()
    {
        var fixture = new TimerListenerFixture();
        fixture.Start("0 * * * * *");
        await fixture.Clock.NextWaitAsync();
        var stopped = Task.CompletedTask;
        fixture.Body = async () =>
        {
            // The host stops while the function runs.
            stopped = fixture.DisposeAsync().AsTask();
            await Task.Yield();
        };
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.NextRunAsync();
        await stopped;

        fixture.Stored["Nightly"].ShouldBe(new TimerStatus(null, Noon.AddMinutes(1), Noon));
    }
}
