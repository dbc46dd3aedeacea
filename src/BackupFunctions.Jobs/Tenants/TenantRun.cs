using System.Collections.Concurrent;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Tenants;

/// <summary>What became of each tenant of a job; safe for several at the same time.</summary>
internal sealed class TenantRun(string database, IReadOnlyList<string> tenants, TenantRunLog log, IJobReporter reporter)
{
    private readonly ConcurrentBag<TenantBackup> _backups = [.. tenants.Where(log.Before.ContainsKey).Select(tenant => log.Before[tenant])];
    private readonly ConcurrentBag<TenantFailure> _failures = [];

    /// <summary>Those that are left to do, in order.</summary>
    public IReadOnlyList<string> Pending { get; } = [.. tenants.Where(tenant => !log.Before.ContainsKey(tenant))];

    public void Add(TenantBackup backup)
    {
        log.Add(backup);
        _backups.Add(backup);
        reporter.AddBytes(backup.PlainSize);
        Tell();
    }

    public void Add(TenantFailure failure)
    {
        _failures.Add(failure);
        Tell();
    }

    public TenantBackupResult Result() => new()
    {
        Database = database,
        Tenants = tenants.Count,
        Verified = _backups.Count(static backup => backup.Status == BackupStatus.Verified),
        Completed = _backups.Count(static backup => backup.Status != BackupStatus.Verified),
        Failed = _failures.Count,
        Unfinished = _backups.Count(static backup => backup.Unfinished),
        TakenBefore = tenants.Count - Pending.Count,
        Backups = [.. _backups.OrderBy(static backup => backup.Tenant, StringComparer.Ordinal).Take(TenantBackupResult.MostListed)],
        Failures = [.. _failures.OrderBy(static failure => failure.Tenant, StringComparer.Ordinal).Take(TenantBackupResult.MostListed)],
        Rows = _backups.Sum(static backup => backup.Rows),
        PlainSize = _backups.Sum(static backup => backup.PlainSize),
        StoredSize = _backups.Sum(static backup => backup.StoredSize),
    };

    private void Tell() => reporter.Detail(
        $"{_backups.Count + _failures.Count} of {tenants.Count} tenants{(_failures.IsEmpty ? string.Empty : $", {_failures.Count} failed")}");
}
