namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>One thing that an instance waits for.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Of the activity, orchestrator or event.</param>
/// <param name="Since">UTC.</param>
internal sealed record Wait(WaitKind Kind, string? Name, DateTime Since)
{
    /// <summary>UTC; timers and planned starts only.</summary>
    public DateTime? DueAt { get; init; }

    /// <summary>The sub-orchestration.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Status of the sub-orchestration, or how far the activity is.</summary>
    public string? State { get; init; }

    /// <summary>The host that runs the activity.</summary>
    public string? HeldBy { get; init; }

    /// <summary>How often the activity was handed to a host.</summary>
    public int? Deliveries { get; init; }

    /// <summary>Nobody will ever bring it: it is neither queued, nor running, nor answered.</summary>
    public bool IsLost { get; init; }
}
