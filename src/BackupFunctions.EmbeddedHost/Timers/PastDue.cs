namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>
/// What a listener does first when it starts, after the rules of WebJobs' ScheduleMonitor: a first occurrence missed while no host ran is
/// caught, any number of missed ones count once, and an edited schedule is never past due.
/// </summary>
/// <param name="Status">The status to go on with.</param>
/// <param name="IsNew">The status has to be written.</param>
/// <param name="IsPastDue">An occurrence was missed.</param>
internal sealed record PastDue(TimerStatus Status, bool IsNew, bool IsPastDue)
{
    public static PastDue Check(TimerStatus? stored, ISchedule schedule, DateTimeOffset now)
    {
        if (stored is null)
        {
            return new PastDue(new TimerStatus(null, schedule.After(now), now), IsNew: true, IsPastDue: false);
        }

        var basis = stored.Last ?? stored.LastUpdated;
        var expected = schedule.After(basis);
        if (expected == stored.Next)
        {
            return new PastDue(stored, IsNew: false, now > stored.Next);
        }

        var edited = now > expected
            ? new TimerStatus(null, schedule.After(now), now)
            : new TimerStatus(null, expected, basis);
        return new PastDue(edited, IsNew: true, IsPastDue: false);
    }
}
