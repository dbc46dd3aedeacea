namespace BackupFunctions.EmbeddedHost;

/// <summary>Occurrences of a schedule, in the time zone of the schedules (UTC unless WEBSITE_TIME_ZONE says otherwise).</summary>
public class ScheduleStatus
{
    /// <summary>The default value before the first run.</summary>
    public DateTime Last { get; set; }

    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}
