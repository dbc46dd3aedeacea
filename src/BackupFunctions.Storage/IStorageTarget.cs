namespace BackupFunctions.Storage;

/// <summary>
/// A place that holds objects. An object is either whole or absent; it is never rewritten. Unreachable is never reported as absent:
/// what cannot be known is thrown as <see cref="StorageException"/>.
/// </summary>
public interface IStorageTarget
{
    /// <summary>Name in the settings, for example r2, b2, local.</summary>
    string Name { get; }

    /// <summary>Starts writing an object; nothing is visible before <see cref="IObjectWriter.CompleteAsync"/>.</summary>
    Task<IObjectWriter> CreateAsync(string key, CancellationToken cancellationToken);

    /// <summary>Opens the object at a byte. Throws with code object.absent when it is known not to exist.</summary>
    Task<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken);

    /// <summary>Null when the object is known not to exist.</summary>
    Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>All objects whose key starts with the prefix, in ordinal order.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Names one level below the prefix (which ends with '/'), without the slash: the "folders".</summary>
    IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deleting what is absent succeeds.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);
}
