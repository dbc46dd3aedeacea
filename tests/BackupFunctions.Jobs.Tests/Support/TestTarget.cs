using System.Collections.Concurrent;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Tests.Support;

/// <summary>A real target that counts what is read and fails where a test tells it to.</summary>
internal sealed class TestTarget(IStorageTarget inner) : IStorageTarget
{
    public string Name => inner.Name;

    /// <summary>Bytes read by key.</summary>
    public ConcurrentDictionary<string, long> BytesRead { get; } = new(StringComparer.Ordinal);

    /// <summary>Offsets at which each object was opened.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<long>> OpenedAt { get; } = new(StringComparer.Ordinal);

    /// <summary>Thrown when an object is created; by key.</summary>
    public Func<string, Exception?> FailCreate { get; set; } = _ => null;

    /// <summary>Awaited before an object is created; by key.</summary>
    public Func<string, Task> BeforeCreate { get; set; } = _ => Task.CompletedTask;

    /// <summary>Thrown when an object is opened; by key.</summary>
    public Func<string, Exception?> FailOpen { get; set; } = _ => null;

    /// <summary>Thrown when an object is deleted; by key.</summary>
    public Func<string, Exception?> FailDelete { get; set; } = _ => null;

    /// <summary>Called with the prefix before a listing.</summary>
    public Action<string> BeforeList { get; set; } = _ => { };

    /// <summary>Objects whose first byte is stored flipped.</summary>
    public Func<string, bool> Flips { get; set; } = _ => false;

    /// <summary>Reads beyond this byte of the object fail.</summary>
    public Func<string, long> ReadLimit { get; set; } = _ => long.MaxValue;

    /// <summary>Called with the key after every read.</summary>
    public Action<string> AfterRead { get; set; } = _ => { };

    public async Task<IObjectWriter> CreateAsync(string key, CancellationToken cancellationToken)
    {
        if (FailCreate(key) is { } failure)
        {
            throw failure;
        }

        await BeforeCreate(key);
        var writer = await inner.CreateAsync(key, cancellationToken);
        return Flips(key) ? new FlippingWriter(writer) : writer;
    }

    public async Task<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken)
    {
        OpenedAt.GetOrAdd(key, _ => new ConcurrentQueue<long>()).Enqueue(offset);
        return FailOpen(key) is { } failure
            ? throw failure
            : new TestTargetStream(this, key, await inner.OpenReadAsync(key, offset, cancellationToken), offset);
    }

    public Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken) =>
        FailOpen(key) is { } failure ? throw failure : inner.FindAsync(key, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        BeforeList(prefix);
        return FailOpen(prefix) is { } failure ? throw failure : inner.ListAsync(prefix, cancellationToken);
    }

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) =>
        FailOpen(prefix) is { } failure ? throw failure : inner.ListFoldersAsync(prefix, cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        FailDelete(key) is { } failure ? throw failure : inner.DeleteAsync(key, cancellationToken);
}
