namespace BackupFunctions.Contracts.Manifests;

/// <param name="Oid">As in pg_constraint, and in the archive's table of contents.</param>
/// <param name="Name">For people: table and constraint.</param>
public sealed record TenantConstraint(long Oid, string Name);
