using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Postgres.Tenants;

/// <param name="Relation">Of which partitions are no entries of their own.</param>
/// <param name="Kind">What says whose its rows are.</param>
/// <param name="Level">Foreign keys between it and a table with the tenant; 0 for such tables, -1 for those that belong to nobody.</param>
/// <param name="Column">The tenant column; null without.</param>
internal sealed record OwnedTable(CatalogRelation Relation, TenantTableKind Kind, int Level, string? Column);
