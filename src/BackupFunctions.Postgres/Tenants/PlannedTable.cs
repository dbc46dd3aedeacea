using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Postgres.Tenants;

/// <param name="Relation">As the catalogs describe it.</param>
/// <param name="Table">As the backup describes it.</param>
/// <param name="Sequences">That its columns take values from.</param>
internal sealed record PlannedTable(CatalogRelation Relation, TenantTable Table, IReadOnlyList<CatalogSequenceUse> Sequences);
