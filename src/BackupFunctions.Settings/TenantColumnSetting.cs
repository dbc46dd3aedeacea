namespace BackupFunctions.Settings;

/// <summary>A column of a table, all unquoted.</summary>
public sealed record TenantColumnSetting(string Schema, string Table, string Column);
