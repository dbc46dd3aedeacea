namespace BackupFunctions.Contracts.Jobs;

/// <param name="Server">A server named in the settings.</param>
/// <param name="Reason">Who or what asked: schedule, manual.</param>
public sealed record ConfigurationBackupParameters(string Server, string Reason);
