using BackupFunctions.EmbeddedHost.Extensions.Abstractions;

namespace BackupFunctions.EmbeddedHost;

/// <summary>Runs a function by a schedule.</summary>
/// <param name="schedule">NCRONTAB of 5 or 6 fields, a TimeSpan, or %Setting% that holds either.</param>
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    public string Schedule { get; } = schedule;

    /// <summary>Remembers occurrences across restarts, so that a missed one runs late instead of never.</summary>
    public bool UseMonitor { get; set; } = true;

    public bool RunOnStartup { get; set; }
}
