namespace BackupFunctions.Contracts.Jobs;

/// <summary>What a check of one storage target found.</summary>
public sealed record TargetReport
{
    public required string Target { get; init; }

    /// <summary>The worst of the findings.</summary>
    public required CheckStatus Status { get; init; }

    /// <summary>In the order in which they were made; a check that an earlier failure makes senseless is missing.</summary>
    public required IReadOnlyList<TargetFinding> Findings { get; init; }

    /// <summary>Median time of a small request; null when it was not measured.</summary>
    public double? LatencyMilliseconds { get; init; }

    /// <summary>Null: the target does not tell.</summary>
    public long? FreeBytes { get; init; }
}
