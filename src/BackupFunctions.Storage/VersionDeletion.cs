using BackupFunctions.Contracts;

namespace BackupFunctions.Storage;

/// <summary>Deletion that leaves no older version behind.</summary>
public static class VersionDeletion
{
    /// <summary>Deletes an object for good: on a target that keeps versions all of them, and the markers of earlier deletions.</summary>
    /// <exception cref="StorageException">A lock holds it (object.locked), or versions may not be listed or deleted (target.refused).</exception>
    public static async Task DeleteForGoodAsync(this IStorageTarget target, string key, CancellationToken cancellationToken)
    {
        if (target is not IVersionedTarget versioned)
        {
            await target.DeleteAsync(key, cancellationToken);
            return;
        }

        var versions = new List<StoredVersion>();
        await foreach (var version in versioned.ListVersionsAsync(key, cancellationToken))
        {
            if (string.Equals(version.Key, key, StringComparison.Ordinal))
            {
                versions.Add(version);
            }
        }

        foreach (var version in versions)
        {
            await versioned.DeleteVersionAsync(key, version.VersionId, cancellationToken);
        }
    }

    /// <summary>As <see cref="DeleteForGoodAsync"/>, and where versions may not be listed or deleted, at least out of sight.</summary>
    /// <exception cref="StorageException">A lock holds it (object.locked), or not even that is allowed (target.refused).</exception>
    public static async Task DeleteOrHideAsync(this IStorageTarget target, string key, CancellationToken cancellationToken)
    {
        try
        {
            await target.DeleteForGoodAsync(key, cancellationToken);
        }
        catch (StorageException e) when (e.Code is ErrorCodes.TargetRefused)
        {
            await target.DeleteAsync(key, cancellationToken);
        }
    }
}
