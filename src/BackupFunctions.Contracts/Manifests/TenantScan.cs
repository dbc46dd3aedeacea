namespace BackupFunctions.Contracts.Manifests;

/// <summary>What the check of every row found that went into a backup of one tenant; a row of another tenant makes the backup fail.</summary>
/// <param name="ByColumn">Tables whose rows were checked by the tenant column in the very bytes that were stored.</param>
/// <param name="ByForeignKey">Tables whose rows were checked by all their foreign keys, in the snapshot.</param>
/// <param name="Shared">Tables whose rows belong to no tenant.</param>
/// <param name="ForeignRows">Rows of other tenants: 0.</param>
public sealed record TenantScan(int ByColumn, int ByForeignKey, int Shared, long ForeignRows)
{
    /// <summary>Tables that lie in the tenant's own schema; 0 where a column tells.</summary>
    public int BySchema { get; init; }
}
