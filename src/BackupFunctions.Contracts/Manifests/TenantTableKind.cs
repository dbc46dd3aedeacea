namespace BackupFunctions.Contracts.Manifests;

/// <summary>What says whose the rows of a table are.</summary>
public enum TenantTableKind
{
    /// <summary>A column of the table.</summary>
    Column,

    /// <summary>Foreign keys to tables of tenants.</summary>
    ForeignKey,

    /// <summary>The schema that it lies in.</summary>
    Schema,

    /// <summary>Nothing: its rows are there for all tenants.</summary>
    Shared,

    /// <summary>Nothing: structure only, no rows of it are in the backup.</summary>
    Structure,
}
