namespace BackupFunctions.Contracts.Jobs;

/// <param name="Database">The database to recover.</param>
/// <param name="BackupId">Null: the newest VERIFIED or PROVEN backup.</param>
/// <param name="TargetServer">A server named in the settings; null: the database's own.</param>
public sealed record SelectBackupParameters(string Database, string? BackupId, string? TargetServer);
