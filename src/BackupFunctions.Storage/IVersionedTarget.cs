namespace BackupFunctions.Storage;

/// <summary>
/// A target that may keep versions and locks of objects. Where it does, a plain deletion only hides an object: what is to be gone is
/// deleted version by version, and a lock refuses even that until it ends. A bucket without versions has one version of each object.
/// </summary>
public interface IVersionedTarget : IStorageTarget
{
    /// <summary>When the lock of an object ends that keeps its present version from being deleted; null: none, or one whose end the target does not tell.</summary>
    Task<DateTimeOffset?> FindLockAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// All versions of all objects whose key starts with the prefix, markers of deletions too, in no order to rely on. Throws with code
    /// target.refused, naming the permission, where these credentials may not ask.
    /// </summary>
    IAsyncEnumerable<StoredVersion> ListVersionsAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Opens one version at a byte. Throws with code object.absent when it is known not to exist.</summary>
    Task<Stream> OpenReadVersionAsync(string key, string versionId, long offset, CancellationToken cancellationToken);

    /// <summary>Deleting what is absent succeeds. Throws with code object.locked while a lock holds it, target.refused when it may not.</summary>
    Task DeleteVersionAsync(string key, string versionId, CancellationToken cancellationToken);
}
