namespace BackupFunctions.Contracts.Manifests;

/// <summary>ALTER DATABASE ... SET, or ALTER ROLE ... IN DATABASE ... SET.</summary>
/// <param name="Role">Null: for every role.</param>
/// <param name="Name">The parameter.</param>
/// <param name="Value">As pg_db_role_setting holds it.</param>
public sealed record DatabaseSetting(string? Role, string Name, string Value);
