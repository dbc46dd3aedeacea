namespace BackupFunctions.Contracts.Jobs;

/// <param name="Database">A database named in the settings, with settings for its tenants.</param>
/// <param name="Reason">Who or what asked: schedule, manual.</param>
/// <param name="Tenants">Their ids; null: all that the settings list.</param>
/// <param name="Run">Names the run that this job is part of: tenants that a job of the same run has backed up are left out. Null: the job alone.</param>
public sealed record TenantBackupParameters(string Database, string Reason, IReadOnlyList<string>? Tenants, string? Run = null);
