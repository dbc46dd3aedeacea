using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Tests.Support;

/// <summary>A target that counts what is opened, and keeps nothing else, so that memory can be measured.</summary>
internal sealed class CountedTarget(IStorageTarget inner) : IStorageTarget
{
    private int _manifests;
    private int _opened;

    public int Manifests => _manifests;

    public int Opened => _opened;

    public string Name => inner.Name;

    public void Reset() => (_manifests, _opened) = (0, 0);

    public Task<IObjectWriter> CreateAsync(string key, CancellationToken cancellationToken) => inner.CreateAsync(key, cancellationToken);

    public Task<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        Interlocked.Add(ref _manifests, key.EndsWith("/manifest.json", StringComparison.Ordinal) ? 1 : 0);
        return inner.OpenReadAsync(key, offset, cancellationToken);
    }

    public Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => inner.ListFoldersAsync(prefix, cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);
}
