namespace BackupFunctions.EmbeddedHost.Durable;

/// <summary>Settings of the durable engine; host.json names them extensions.durableTask.</summary>
internal sealed class DurableEngineOptions
{
    /// <summary>Hubs in one database do not see each other.</summary>
    public string HubName { get; set; } = "BackupFunctions";

    /// <summary>Version of this host, and what new instances get; null means unversioned.</summary>
    public string? DefaultVersion { get; set; }

    /// <summary>Without effect unless there is a <see cref="DefaultVersion"/>.</summary>
    public VersionMatchStrategy VersionMatchStrategy { get; set; } = VersionMatchStrategy.CurrentOrOlder;

    public VersionFailureStrategy VersionFailureStrategy { get; set; } = VersionFailureStrategy.Reject;

    /// <summary>How long work stays with a host that shows no sign of life; renewed at a third of it.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    public int MaxConcurrentActivities { get; set; } = 10;

    public int MaxConcurrentOrchestrators { get; set; } = 10;

    /// <summary>Longer timers become a chain of timers; changing it breaks instances in flight.</summary>
    public TimeSpan MaximumTimerInterval { get; set; } = TimeSpan.FromDays(3);

    /// <summary>A safety net behind notifications and known due times.</summary>
    public TimeSpan IdlePollInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long running activities get to end when the host stops.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>An activity delivered this often without an end, or a turn that failed this often, fails for good.</summary>
    public int MaxDeliveries { get; set; } = 10;

    /// <summary>An execution that asks for more activities, timers, events and sub-orchestrations than this fails.</summary>
    public int MaxOrchestrationActions { get; set; } = 100_000;

    /// <summary>Bytes of UTF-8; larger values are stored apart and compressed.</summary>
    public int PayloadThreshold { get; set; } = 256 * 1024;

    /// <summary>Bytes of UTF-8; larger values are refused, and what makes them fails.</summary>
    public int MaxPayload { get; set; } = 10 * 1024 * 1024;

    /// <summary>Whether inputs of activities and sub-orchestrations stay in the history.</summary>
    public bool StoreInputsInHistory { get; set; }
}
