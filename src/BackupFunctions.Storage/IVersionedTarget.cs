namespace BackupFunctions.Storage;

/// <summary>
/// A target that keeps versions and locks of objects. On such a target a plain deletion only hides an object: what is to be gone is
/// deleted version by version, and a lock refuses even that until it ends.
/// </summary>
public interface IVersionedTarget : IStorageTarget
{
    /// <summary>When the lock of an object ends that keeps its present version from being deleted; null: none.</summary>
    Task<DateTimeOffset?> FindLockAsync(string key, CancellationToken cancellationToken);

    /// <summary>All versions of all objects whose key starts with the prefix, markers of deletions too.</summary>
    IAsyncEnumerable<StoredVersion> ListVersionsAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deleting what is absent succeeds. Throws with code target.refused while a lock holds it.</summary>
    Task DeleteVersionAsync(string key, string versionId, CancellationToken cancellationToken);
}
