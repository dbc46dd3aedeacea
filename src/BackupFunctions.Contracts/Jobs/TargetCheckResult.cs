namespace BackupFunctions.Contracts.Jobs;

public sealed record TargetCheckResult
{
    public required DateTimeOffset CheckedAt { get; init; }

    /// <summary>In reading order.</summary>
    public required IReadOnlyList<TargetReport> Targets { get; init; }
}
