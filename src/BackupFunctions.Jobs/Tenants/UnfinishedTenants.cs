using System.Collections.Concurrent;
using System.Globalization;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Tenants;

/// <summary>Backups of a run of tenants that were not verified on every target.</summary>
/// <param name="Backups">Ids of those that can be finished now.</param>
/// <param name="Problems">A sentence for each target that is away: backups that lack a copy there alone would wait for it one after the other.</param>
internal sealed record UnfinishedTenants(IReadOnlyList<string> Backups, IReadOnlyList<string> Problems)
{
    public static async Task<UnfinishedTenants> ReadAsync(BackupSettings settings, TenantRunId run, IReadOnlyList<IStorageTarget> targets, CancellationToken cancellationToken)
    {
        List<TenantBackup> unfinished = [.. TenantRunLog.Read(settings.RunStorePath, settings.ClusterName, run).Where(static backup => backup.Unfinished)];
        var away = await AwayAsync(unfinished.Count == 0 ? [] : targets, cancellationToken);
        bool CanWait(TenantBackup backup) => backup.MissingCopies.Count > 0 && backup.MissingCopies.All(away.ContainsKey);
        return new UnfinishedTenants(
            [.. unfinished.Where(backup => !CanWait(backup)).Select(static backup => backup.BackupId).Order(StringComparer.Ordinal)],
            [.. away.OrderBy(static target => target.Key, StringComparer.Ordinal).Select(target => string.Create(
                CultureInfo.InvariantCulture,
                $"{unfinished.Count(backup => backup.MissingCopies.Contains(target.Key, StringComparer.Ordinal))} backups of tenants lack their copy on target '{target.Key}', which cannot be asked now: {target.Value}"))]);
    }

    /// <summary>One small question to each.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> AwayAsync(IReadOnlyList<IStorageTarget> targets, CancellationToken cancellationToken)
    {
        var away = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(targets, cancellationToken, async (target, token) =>
        {
            try
            {
                await target.FindAsync(StorageKeys.RecoveryKit("README.md"), token);
            }
            catch (StorageException e)
            {
                away[target.Name] = e.Message;
            }
        });
        return away;
    }
}
