using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Recovery;

/// <summary>The base backup that a recovery starts from, incremental or not: the newest that is consistent before the target.</summary>
internal static class BaseChooser
{
    /// <summary>A delta restore compares with a list of whole files, which an incremental backup has not.</summary>
    /// <exception cref="PgdrException">backup.unknown: there is none before the target; the first point that can be reached is named.</exception>
    public static async Task<Manifest> ChooseAsync(StorageCatalog catalog, RecoverServerParameters parameters, Action<string> warn, CancellationToken cancellationToken)
    {
        if (parameters.BackupId is { } id)
        {
            var named = await catalog.FindAsync(id, cancellationToken)
                ?? throw new PgdrException(ErrorCodes.BackupUnknown, $"No target holds a backup {id}: 'pgdr backup list' shows what there is.");
            return named.Manifest.Base is not null
                ? named.Manifest
                : throw new PgdrException(ErrorCodes.BackupUnknown, $"Backup {id} is a dump of database '{named.Manifest.Database}', not a base backup: name a base backup.");
        }

        var listing = await catalog.ListAsync(cancellationToken);
        var restorable = listing.Backups.Where(record => record.Status != BackupStatus.Failed).Select(record => record.BackupId).ToHashSet(StringComparer.Ordinal);
        Manifest? oldest = null;
        foreach (var record in listing.Backups.Where(record => (record.Kind == BackupKind.Base || (record.Kind == BackupKind.Incremental && !parameters.Delta)) && record.Status != BackupStatus.Failed
            && string.Equals(record.Server, parameters.Server, StringComparison.Ordinal)))
        {
            if (await catalog.FindAsync(record.BackupId, cancellationToken) is { } found)
            {
                if (found.Manifest.Parents.FirstOrDefault(parent => !restorable.Contains(parent)) is { } missing)
                {
                    warn($"Backup {record.BackupId} is left out: {missing}, which it needs, is not in storage or is known to be damaged.");
                    continue;
                }

                oldest = found.Manifest;
                if (IsBefore(found.Manifest, parameters))
                {
                    return found.Manifest;
                }
            }
        }

        throw new PgdrException(
            ErrorCodes.BackupUnknown,
            oldest is null
                ? $"Storage has no base backup of server '{parameters.Server}': take one with 'pgdr backup run {parameters.Server} --kind base'."
                : $"The target lies before the window of recovery of server '{parameters.Server}': the first point that can be reached is {oldest.Base!.StopLsn}, at {oldest.SnapshotAt:yyyy-MM-dd HH:mm:ss}Z.");
    }

    /// <summary>By the server's clock, as the target. A name or a transaction tells no place: then the newest is taken, and an older one has to be named.</summary>
    private static bool IsBefore(Manifest manifest, RecoverServerParameters parameters) =>
        (parameters.TargetTime is not { } time || manifest.SnapshotAt <= time)
        && (parameters.TargetLsn is not { } lsn || Lsn.Parse(manifest.Base!.StopLsn) <= Lsn.Parse(lsn))
        && (parameters.Timeline is not { } timeline || manifest.Base!.Timeline <= timeline);
}
