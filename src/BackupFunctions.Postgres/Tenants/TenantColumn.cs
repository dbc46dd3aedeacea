namespace BackupFunctions.Postgres.Tenants;

/// <summary>A column of a table, all unquoted.</summary>
public sealed record TenantColumn(string Schema, string Table, string Column);
