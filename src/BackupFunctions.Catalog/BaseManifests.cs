using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog;

/// <summary>Manifests of the base backups that can be recovered from.</summary>
public static class BaseManifests
{
    /// <summary>Those that failed or are deleted are left out; so are those that cannot be read.</summary>
    public static async Task<IReadOnlyList<Manifest>> ReadAsync(StorageCatalog catalog, CancellationToken cancellationToken)
    {
        var scan = await catalog.ScanAsync(cancellationToken);
        var bases = new List<Manifest>();
        await foreach (var entry in scan.ReadNewestFirstAsync(manifest => manifest.Base is not null, cancellationToken))
        {
            if (entry.Stored is { Manifest: { Base: not null } manifest } && entry.Record is { DeletedAt: null, Status: not BackupStatus.Failed })
            {
                bases.Add(manifest);
            }
        }

        return [.. bases.OrderBy(manifest => manifest.BackupId, StringComparer.Ordinal)];
    }
}
