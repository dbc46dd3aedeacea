namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>When a timer function runs.</summary>
internal interface ISchedule
{
    /// <summary>The first occurrence after the given time, in UTC.</summary>
    DateTimeOffset After(DateTimeOffset time);
}
