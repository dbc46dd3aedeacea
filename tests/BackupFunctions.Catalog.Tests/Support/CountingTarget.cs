using BackupFunctions.Contracts;
using BackupFunctions.Storage;

namespace BackupFunctions.Catalog.Tests.Support;

/// <summary>A target that never answers, and counts how often it was asked.</summary>
internal sealed class CountingTarget(string name) : IStorageTarget
{
    private int _asked;

    public int Asked => _asked;

    public string Name => name;

    public Task<IObjectWriter> CreateAsync(string key, CancellationToken cancellationToken) => throw Away();

    public Task<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken) => throw Away();

    public Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken) => throw Away();

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) => throw Away();

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => throw Away();

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => throw Away();

    private StorageException Away()
    {
        Interlocked.Increment(ref _asked);
        return new StorageException(ErrorCodes.TargetUnreachable, name, $"Target {name} is unreachable: check the connection.");
    }
}
