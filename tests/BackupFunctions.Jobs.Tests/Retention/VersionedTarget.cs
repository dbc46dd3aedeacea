using System.Runtime.CompilerServices;
using BackupFunctions.Contracts;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Tests.Retention;

/// <summary>A bucket with versions: a plain deletion would only hide an object, so it is an error here.</summary>
internal sealed class VersionedTarget(IStorageTarget inner) : IVersionedTarget
{
    public DateTimeOffset? LockedUntil { get; set; }

    /// <summary>The lock is not told, as where the account may not ask for it; the deletion is refused all the same.</summary>
    public bool Refuses { get; set; }

    /// <summary>The target's own lock refuses a deletion that it had not told of.</summary>
    public bool Holds { get; set; }

    /// <summary>These credentials may not list versions.</summary>
    public bool Hides { get; set; }

    /// <summary>An object that somebody deleted without its version: a reader does not see it.</summary>
    public string? Hidden { get; set; }

    public string Name => inner.Name;

    public Task<IObjectWriter> CreateAsync(string key, CancellationToken cancellationToken) => inner.CreateAsync(key, cancellationToken);

    public Task<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken) => inner.OpenReadAsync(key, offset, cancellationToken);

    public Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => inner.ListFoldersAsync(prefix, cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => throw new InvalidOperationException("This only hides the object.");

    public Task<DateTimeOffset?> FindLockAsync(string key, CancellationToken cancellationToken) => Task.FromResult(LockedUntil);

    public async IAsyncEnumerable<StoredVersion> ListVersionsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Hides)
        {
            throw new StorageException(ErrorCodes.TargetRefused, Name, $"Target {Name} refused: allow s3:ListBucketVersions.");
        }

        await foreach (var stored in inner.ListAsync(prefix, cancellationToken))
        {
            yield return new StoredVersion(stored.Key, "v1", stored.Size) { IsLatest = true, LastModified = stored.LastModified };
        }

        if (Hidden?.StartsWith(prefix, StringComparison.Ordinal) == true)
        {
            yield return new StoredVersion(Hidden, "m1", 0) { IsLatest = true, IsDeletionMarker = true, LastModified = DateTimeOffset.UnixEpoch };
            yield return new StoredVersion(Hidden, "v1", 1) { LastModified = DateTimeOffset.UnixEpoch };
        }
    }

    public Task<Stream> OpenReadVersionAsync(string key, string versionId, long offset, CancellationToken cancellationToken) =>
        inner.OpenReadAsync(key, offset, cancellationToken);

    public Task DeleteVersionAsync(string key, string versionId, CancellationToken cancellationToken) => Holds
        ? throw new StorageException(ErrorCodes.ObjectLocked, Name, $"Target {Name} holds a lock of {key}.")
        : Refuses
        ? throw new StorageException(ErrorCodes.TargetRefused, Name, $"Target {Name} refused to delete {key}: it is locked.")
        : inner.DeleteAsync(key, cancellationToken);
}
