using System.Collections.Concurrent;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog.Tests.Support;

/// <summary>A target that notes what is read from it.</summary>
internal sealed class ReadTarget(IStorageTarget inner) : IStorageTarget
{
    public ConcurrentQueue<string> Opened { get; } = new();

    public string Name => inner.Name;

    public Task<IObjectWriter> CreateAsync(string key, CancellationToken cancellationToken) => inner.CreateAsync(key, cancellationToken);

    public Task<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken)
    {
        Opened.Enqueue(key);
        return inner.OpenReadAsync(key, offset, cancellationToken);
    }

    public Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => inner.ListFoldersAsync(prefix, cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);
}
