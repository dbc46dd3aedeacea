using BackupFunctions.Archive.Manifests;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Storage;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Backup;

/// <summary>Takes back what a failed backup has stored: nothing of it stays visible, and a full target gets its space back.</summary>
internal sealed class BackupWithdrawal
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly ILogger _logger;

    public BackupWithdrawal(IReadOnlyList<IStorageTarget> targets, ILogger logger)
    {
        _targets = targets;
        _logger = logger;
    }

    /// <summary>Never fails: what made the backup fail is what people have to hear of.</summary>
    public async Task RunAsync(string cluster, string backupId)
    {
        using var patience = new CancellationTokenSource(Patience);
        await Task.WhenAll(_targets.Select(target => TryRemoveAsync(target, cluster, backupId, patience.Token)));
    }

    private async Task TryRemoveAsync(IStorageTarget target, string cluster, string backupId, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => RemoveAsync(target, cluster, backupId, cancellationToken), cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception e)
        {
            _logger.LogWarning(
                "Objects of the failed backup {BackupId} may be left on target {Target}; without its manifest they are no backup: {Cause}",
                backupId, target.Name, e.Message);
        }
    }

    private static async Task RemoveAsync(IStorageTarget target, string cluster, string backupId, CancellationToken cancellationToken)
    {
        // The manifest first: without it there is no backup, whatever else stays.
        await target.DeleteAsync(StorageKeys.Manifest(cluster, backupId), cancellationToken);
        await new CopyData(target, cluster, backupId).DeleteAllAsync(cancellationToken);
    }
}
