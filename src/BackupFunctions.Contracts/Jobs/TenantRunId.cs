namespace BackupFunctions.Contracts.Jobs;

/// <summary>A run that backs up tenants of one database, by one job or several.</summary>
/// <param name="Database">Its name in the settings.</param>
/// <param name="Run">See <see cref="TenantBackupParameters.Run"/>.</param>
public sealed record TenantRunId(string Database, string Run);
