namespace BackupFunctions.Postgres.Tenants;

/// <param name="Name">Unquoted.</param>
/// <param name="Type">As SQL, without a length.</param>
/// <param name="Equality">The operator, as SQL.</param>
internal sealed record TenantColumnFacts(string Name, string Type, string Equality);
