namespace BackupFunctions.Storage.Tests.Faults;

/// <summary>A target that fails where a test tells it to, in front of a real one.</summary>
internal sealed class FaultyTarget(IStorageTarget inner) : IStorageTarget
{
    private int _openStreams;

    public string Name => inner.Name;

    public Exception? OnCreate { get; set; }

    public Exception? OnComplete { get; set; }

    public Exception? OnOpen { get; set; }

    /// <summary>What happens at <see cref="WriteLimit"/> or <see cref="ReadLimit"/>; without it a read ends short and a write hangs.</summary>
    public Exception? AtLimit { get; set; }

    public long WriteLimit { get; set; } = long.MaxValue;

    public long ReadLimit { get; set; } = long.MaxValue;

    /// <summary>Reads hang at the limit, deaf to cancellation, until this ends.</summary>
    public Task? HangAtReadLimit { get; set; }

    /// <summary>Every write waits for this.</summary>
    public Task WritesWaitFor { get; set; } = Task.CompletedTask;

    /// <summary>Every read waits for this, given its position, deaf to cancellation.</summary>
    public Func<long, Task>? BeforeRead { get; set; }

    /// <summary>Bytes of one read.</summary>
    public int MostPerRead { get; set; } = int.MaxValue;

    /// <summary>Streams that nobody has disposed yet.</summary>
    public int OpenStreams => Volatile.Read(ref _openStreams);

    /// <summary>Every object waits for this before it is begun.</summary>
    public Task CreatesWaitFor { get; set; } = Task.CompletedTask;

    /// <summary>Every write waits for one of these when set.</summary>
    public SemaphoreSlim? WriteTickets { get; set; }

    /// <summary>Every completion waits for this.</summary>
    public Task CompletesWaitFor { get; set; } = Task.CompletedTask;

    public List<long> OpenedAt { get; } = [];

    /// <summary>Opening waits for this, deaf to cancellation.</summary>
    public Task OpenWaitsFor { get; set; } = Task.CompletedTask;

    public async Task<IObjectWriter> CreateAsync(string key, CancellationToken cancellationToken)
    {
        await CreatesWaitFor.WaitAsync(cancellationToken);
        return OnCreate is { } e ? throw e : new FaultyWriter(this, await inner.CreateAsync(key, cancellationToken));
    }

    public async Task<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken)
    {
        OpenedAt.Add(offset);
        await OpenWaitsFor;
        if (OnOpen is { } e)
        {
            throw e;
        }

        // Told to stop too late: one that answers all the same must not leak.
        var stream = new FaultyStream(this, await inner.OpenReadAsync(key, offset, CancellationToken.None), offset);
        Interlocked.Increment(ref _openStreams);
        return stream;
    }

    public void Closed() => Interlocked.Decrement(ref _openStreams);

    public Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListFoldersAsync(prefix, cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);
}
