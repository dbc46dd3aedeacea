using BackupFunctions.Archive.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Retention;

/// <summary>The objects of one copy, on a target that keeps versions all versions of them.</summary>
internal sealed class CopyData(IStorageTarget target, string cluster, string backupId)
{
    private const int Parallelism = 8;

    private readonly string _folder = StorageKeys.Backup(cluster, backupId);

    public string Target => target.Name;

    public bool IsManifest(string key) => string.Equals(key, StorageKeys.Manifest(cluster, backupId), StringComparison.Ordinal);

    /// <summary>What a deletion of the data deletes: manifest and signature stay as the memory of what there was.</summary>
    public async Task<IReadOnlyList<StoredVersion>> DataAsync(CancellationToken cancellationToken) =>
        [.. (await AllAsync(cancellationToken)).Where(version => !IsMetadata(version.Key))];

    public async Task<IReadOnlyList<StoredVersion>> AllAsync(CancellationToken cancellationToken)
    {
        var versions = new List<StoredVersion>();
        if (target is IVersionedTarget versioned)
        {
            await foreach (var version in versioned.ListVersionsAsync(_folder, cancellationToken))
            {
                versions.Add(version);
            }
        }
        else
        {
            await foreach (var stored in target.ListAsync(_folder, cancellationToken))
            {
                versions.Add(new StoredVersion(stored.Key, "", stored.Size) { IsLatest = true, LastModified = stored.LastModified });
            }
        }

        return versions;
    }

    /// <summary>Deleting again what is gone succeeds.</summary>
    /// <returns>Bytes deleted.</returns>
    public async Task<long> DeleteAsync(IReadOnlyList<StoredVersion> versions, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        long bytes = 0;
        await Parallel.ForEachAsync(versions, options, async (version, token) =>
        {
            await (target is IVersionedTarget versioned
                ? versioned.DeleteVersionAsync(version.Key, version.VersionId, token)
                : target.DeleteAsync(version.Key, token));
            Interlocked.Add(ref bytes, version.Size);
        });
        return bytes;
    }

    /// <summary>Deletes the whole folder.</summary>
    /// <inheritdoc cref="DeleteAsync" path="/returns"/>
    public async Task<long> DeleteAllAsync(CancellationToken cancellationToken) => await DeleteAsync(await AllAsync(cancellationToken), cancellationToken);

    private bool IsMetadata(string key) =>
        IsManifest(key) || string.Equals(key, StorageKeys.ManifestSignature(cluster, backupId), StringComparison.Ordinal);
}
