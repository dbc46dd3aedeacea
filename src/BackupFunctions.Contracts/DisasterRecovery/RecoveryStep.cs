namespace BackupFunctions.Contracts.DisasterRecovery;

/// <summary>One of the seven steps, in the status and in the report.</summary>
public sealed record RecoveryStep
{
    /// <summary>1 to 7.</summary>
    public required int Step { get; init; }
    public required string Name { get; init; }
    public required StepStatus Status { get; init; }
    public DateTime? StartTime { get; init; }
    public double? DurationSeconds { get; init; }
    public string? Detail { get; init; }
}
