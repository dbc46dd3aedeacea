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

        var scan = await catalog.ScanAsync(cancellationToken);
        var parents = new Dictionary<string, bool>(StringComparer.Ordinal);
        Manifest? oldest = null;
        await foreach (var entry in scan.ReadNewestFirstAsync(manifest => IsOf(manifest, parameters), cancellationToken))
        {
            if (entry.Stored is not { Manifest: var manifest } || !IsOf(manifest, parameters) || !IsRestorable(entry))
            {
                continue;
            }

            if (await MissingParentAsync(scan, manifest, parents, cancellationToken) is { } missing)
            {
                warn($"Backup {manifest.BackupId} is left out: {missing}, which it needs, is not in storage or is known to be damaged.");
                continue;
            }

            oldest = manifest;
            if (IsBefore(manifest, parameters))
            {
                return manifest;
            }
        }

        throw new PgdrException(
            ErrorCodes.BackupUnknown,
            oldest is null
                ? $"Storage has no base backup of server '{parameters.Server}': take one with 'pgdr backup run {parameters.Server} --kind base'."
                : $"The target lies before the window of recovery of server '{parameters.Server}': the first point that can be reached is {oldest.Base!.StopLsn}, at {oldest.SnapshotAt:yyyy-MM-dd HH:mm:ss}Z.");
    }

    private static bool IsOf(Manifest manifest, RecoverServerParameters parameters) =>
        (manifest.Kind == BackupKind.Base || (manifest.Kind == BackupKind.Incremental && !parameters.Delta))
        && string.Equals(manifest.Base?.Server, parameters.Server, StringComparison.Ordinal);

    private static bool IsRestorable(CatalogEntry entry) => entry.Record is { DeletedAt: null, Status: not BackupStatus.Failed };

    /// <summary>Null: all that it needs are there.</summary>
    private static async Task<string?> MissingParentAsync(CatalogScan scan, Manifest manifest, Dictionary<string, bool> known, CancellationToken cancellationToken)
    {
        foreach (var parent in manifest.Parents)
        {
            if (!known.TryGetValue(parent, out var there))
            {
                there = IsRestorable(await scan.ReadAsync(parent, cancellationToken));
                known.Add(parent, there);
            }

            if (!there)
            {
                return parent;
            }
        }

        return null;
    }

    /// <summary>By the server's clock, as the target. A name or a transaction tells no place: then the newest is taken, and an older one has to be named.</summary>
    private static bool IsBefore(Manifest manifest, RecoverServerParameters parameters) =>
        (parameters.TargetTime is not { } time || manifest.SnapshotAt <= time)
        && (parameters.TargetLsn is not { } lsn || Lsn.Parse(manifest.Base!.StopLsn) <= Lsn.Parse(lsn))
        && (parameters.Timeline is not { } timeline || manifest.Base!.Timeline <= timeline);
}
