namespace BackupFunctions.Postgres.Servers;

/// <param name="Name">Unquoted.</param>
/// <param name="Oid">Does not change when the database is renamed.</param>
/// <param name="SizeBytes">On disk; null when the configured user may not ask.</param>
public sealed record DatabaseFacts(string Name, long Oid, long? SizeBytes);
