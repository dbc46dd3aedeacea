namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>One timer function: its schedule and how to run it.</summary>
/// <param name="Function">The function's name.</param>
/// <param name="IsMonitored">Occurrences are remembered across restarts.</param>
/// <param name="RunOnStartup">Runs once when its listener starts first.</param>
/// <param name="RunAsync">One invocation with its repetitions; throws what the last one threw.</param>
internal sealed record TimerTrigger(
    string Function, ISchedule Schedule, bool IsMonitored, bool RunOnStartup, Func<TimerInfo, CancellationToken, Task> RunAsync)
{
    /// <summary>Schedules that fire more than once a minute are never monitored (rule of WebJobs' timers).</summary>
    public static bool CanBeMonitored(ISchedule schedule, DateTimeOffset now)
    {
        var occurrence = schedule.After(now);
        for (var checkedPairs = 0; checkedPairs < 4; checkedPairs++)
        {
            var next = schedule.After(occurrence);
            if (next - occurrence < TimeSpan.FromMinutes(1))
            {
                return false;
            }

            occurrence = next;
        }

        return true;
    }
}
