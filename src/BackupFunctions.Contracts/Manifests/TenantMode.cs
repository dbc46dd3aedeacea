namespace BackupFunctions.Contracts.Manifests;

/// <summary>How the rows of one tenant are told from those of others.</summary>
public enum TenantMode
{
    /// <summary>By a column that names the tenant, or by foreign keys to rows that have it.</summary>
    Column,

    /// <summary>By a schema for each tenant.</summary>
    Schema,
}
