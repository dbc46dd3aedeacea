namespace BackupFunctions.Settings;

/// <param name="Name">As in pg_database, unquoted.</param>
/// <param name="Server">A server named in the settings.</param>
public sealed record DatabaseSettings(string Name, string Server);
