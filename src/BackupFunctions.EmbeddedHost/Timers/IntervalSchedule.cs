namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>A fixed time after the previous run.</summary>
internal sealed class IntervalSchedule(TimeSpan interval) : ISchedule
{
    public DateTimeOffset After(DateTimeOffset time) => time + interval;

    public override string ToString() => $"every {interval}";
}
