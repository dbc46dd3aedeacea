namespace BackupFunctions.Contracts.Manifests;

/// <summary>Of a backup of one tenant: whose rows it has, and how that was checked. Names of tables stand in the contents.</summary>
public sealed record TenantFacts
{
    /// <summary>As in the tenant column, or the name of its schema.</summary>
    public required string Id { get; init; }
    public required TenantMode Mode { get; init; }
    public required TenantScan Scan { get; init; }

    /// <summary>
    /// Why it is not proven that all rows of the tenant are in it, a sentence: row level security applied to the role that read them.
    /// Null: no row can have been hidden.
    /// </summary>
    public string? Unproven { get; init; }
}
