namespace BackupFunctions.Contracts.ManualBackups;

/// <summary>Of a run's tenants, how many ended how.</summary>
public sealed record TenantCounts(int Tenants, int Verified, int Completed, int Failed);
