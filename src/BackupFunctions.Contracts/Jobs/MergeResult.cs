namespace BackupFunctions.Contracts.Jobs;

/// <summary>What a merge does, or has done, in one transaction.</summary>
public sealed record MergeResult
{
    public required string Database { get; init; }

    /// <summary>Null: rows of all tenants, or the database has none.</summary>
    public string? Tenant { get; init; }
    public required MergePolicy Policy { get; init; }
    public required bool Applied { get; init; }

    /// <summary>By name.</summary>
    public required IReadOnlyList<MergeTableResult> Tables { get; init; }

    /// <summary>A sentence each on what stops it; nothing is written then.</summary>
    public IReadOnlyList<string> Blockers { get; init; } = [];

    /// <summary>A sentence each on what is left out.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
