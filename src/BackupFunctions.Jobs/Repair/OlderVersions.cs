using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Repair;

/// <summary>
/// What a target that keeps versions still has below objects that were deleted or overwritten. An older version counts only when its
/// bytes are the signed ones.
/// </summary>
internal sealed class OlderVersions
{
    private readonly IVersionedTarget? _target;
    private readonly ILookup<string, StoredVersion> _versions;
    private readonly CopyInspector _inspector;

    private OlderVersions(IVersionedTarget? target, IEnumerable<StoredVersion> versions, CopyInspector inspector) =>
        (_target, _versions, _inspector) = (target, versions.ToLookup(version => version.Key, StringComparer.Ordinal), inspector);

    /// <summary>Why they could not be listed, one sentence; null: they were, or the target keeps none.</summary>
    public string? WhyNot { get; private init; }

    /// <summary>Lists them; where that is refused or fails there are none to use, and other copies have to do.</summary>
    public static async Task<OlderVersions> OfAsync(IStorageTarget target, Manifest manifest, CopyInspector inspector, CancellationToken cancellationToken)
    {
        var versions = new List<StoredVersion>();
        try
        {
            if (target is IVersionedTarget versioned)
            {
                await foreach (var version in versioned.ListVersionsAsync(StorageKeys.Backup(manifest.Cluster, manifest.BackupId), cancellationToken))
                {
                    if (version is { IsLatest: false, IsDeletionMarker: false, VersionId: not "" })
                    {
                        versions.Add(version);
                    }
                }
            }

            return new OlderVersions(target as IVersionedTarget, versions, inspector);
        }
        catch (StorageException e)
        {
            return new OlderVersions(target: null, [], inspector) { WhyNot = e.Message };
        }
    }

    /// <returns>The newest older version whose size and SHA-256 are the signed ones; null when there is none.</returns>
    public async Task<ObjectSource?> FindAsync(string key, ManifestObject item, CancellationToken cancellationToken)
    {
        foreach (var version in _versions[key].Where(version => version.Size == item.Size).OrderByDescending(version => version.LastModified))
        {
            var source = new ObjectSource(_target!, version.VersionId);
            if (await _inspector.IsGoodAsync(source, key, item, cancellationToken))
            {
                return source;
            }
        }

        return null;
    }
}
