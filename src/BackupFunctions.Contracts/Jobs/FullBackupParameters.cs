namespace BackupFunctions.Contracts.Jobs;

/// <param name="Database">A database named in the settings.</param>
/// <param name="Reason">Who or what asked: schedule, manual.</param>
public sealed record FullBackupParameters(string Database, string Reason);
