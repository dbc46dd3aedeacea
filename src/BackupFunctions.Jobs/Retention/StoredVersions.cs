using System.Runtime.CompilerServices;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Retention;

/// <summary>What lies on a target: all versions where it keeps them.</summary>
internal static class StoredVersions
{
    /// <exception cref="StorageException">target.refused: versions may not be listed, so that a deletion would only hide; or the target is away.</exception>
    public static async IAsyncEnumerable<StoredVersion> ListAsync(IStorageTarget target, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (target is IVersionedTarget versioned)
        {
            await foreach (var version in versioned.ListVersionsAsync(prefix, cancellationToken))
            {
                yield return version;
            }
        }
        else
        {
            await foreach (var stored in target.ListAsync(prefix, cancellationToken))
            {
                yield return new StoredVersion(stored.Key, string.Empty, stored.Size) { IsLatest = true, LastModified = stored.LastModified };
            }
        }
    }
}
