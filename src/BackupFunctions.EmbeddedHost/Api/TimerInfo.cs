namespace BackupFunctions.EmbeddedHost;

/// <summary>What a timer function is told about its schedule.</summary>
public class TimerInfo
{
    /// <summary>Null when the schedule is not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>This run makes up for one or more occurrences missed while no host was running.</summary>
    public bool IsPastDue { get; set; }
}
