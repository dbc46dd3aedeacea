using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Contracts.DisasterRecovery;

/// <summary>Custom status of a running recovery.</summary>
public sealed record DisasterRecoveryStatus
{
    public required string Database { get; init; }
    public string? BackupId { get; init; }

    /// <summary>Known when log has been replayed.</summary>
    public RecoveredPoint? Point { get; init; }
    public required int CurrentStep { get; init; }

    /// <summary>Of the current step, 0 to 100; null when not known.</summary>
    public double? Percent { get; init; }
    public long? BytesDone { get; init; }
    public long? BytesTotal { get; init; }

    /// <summary>Seconds to the end of the current step, from its rate so far; null before 5 %.</summary>
    public double? EtaSeconds { get; init; }

    /// <summary>Seconds since the recovery was started: the clock that the RTO is measured by.</summary>
    public required double RtoSeconds { get; init; }

    /// <summary>Targets read from.</summary>
    public string? Target { get; init; }
    public IReadOnlyList<string> Failovers { get; init; } = [];
    public required IReadOnlyList<RecoveryStep> Steps { get; init; }

    /// <summary>Set while the workflow waits for a person: the events it takes.</summary>
    public IReadOnlyList<string>? AwaitingEvents { get; init; }
}
