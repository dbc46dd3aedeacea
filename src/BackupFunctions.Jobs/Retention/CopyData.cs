using BackupFunctions.Archive.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Retention;

/// <summary>The objects of one copy.</summary>
internal sealed class CopyData(IStorageTarget target, string cluster, string backupId)
{
    private const int Parallelism = 8;

    private readonly string _folder = StorageKeys.Backup(cluster, backupId);

    /// <summary>Deletes the data; manifest and signature stay as the memory of what there was. Deleting again what is gone succeeds.</summary>
    /// <returns>Bytes deleted.</returns>
    public Task<long> DeleteAsync(CancellationToken cancellationToken) => DeleteAsync(IsMetadata, cancellationToken);

    /// <summary>Deletes the whole folder.</summary>
    /// <inheritdoc cref="DeleteAsync(CancellationToken)" path="/returns"/>
    public Task<long> DeleteAllAsync(CancellationToken cancellationToken) => DeleteAsync(_ => false, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancellationToken) => target.ListAsync(_folder, cancellationToken);

    public bool IsManifest(string key) => string.Equals(key, StorageKeys.Manifest(cluster, backupId), StringComparison.Ordinal);

    private bool IsMetadata(string key) =>
        IsManifest(key) || string.Equals(key, StorageKeys.ManifestSignature(cluster, backupId), StringComparison.Ordinal);

    private async Task<long> DeleteAsync(Func<string, bool> stays, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        long bytes = 0;
        if (target is IVersionedTarget versioned)
        {
            var versions = new List<StoredVersion>();
            await foreach (var version in versioned.ListVersionsAsync(_folder, cancellationToken))
            {
                versions.Add(version);
            }

            await Parallel.ForEachAsync(versions.Where(version => !stays(version.Key)), options, async (version, token) =>
            {
                await versioned.DeleteVersionAsync(version.Key, version.VersionId, token);
                Interlocked.Add(ref bytes, version.Size);
            });
            return bytes;
        }

        var objects = new List<StoredObject>();
        await foreach (var stored in ListAsync(cancellationToken))
        {
            objects.Add(stored);
        }

        await Parallel.ForEachAsync(objects.Where(stored => !stays(stored.Key)), options, async (stored, token) =>
        {
            await target.DeleteAsync(stored.Key, token);
            Interlocked.Add(ref bytes, stored.Size);
        });
        return bytes;
    }
}
