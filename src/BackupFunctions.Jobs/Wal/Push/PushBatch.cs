using BackupFunctions.Contracts;

namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>
/// One file that PostgreSQL waits for, and those it will ask for next. What fails of the others is left to the call for it; only the first
/// one's failure is this call's.
/// </summary>
internal sealed class PushBatch
{
    private readonly ServerFiles _server;
    private readonly PushState _state;
    private readonly PushEpochs _epochs;
    private readonly WalPushOptions _options;
    private readonly TimeProvider _time;
    private readonly long _begun;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Queue<PushFile> _next = new();
    private bool _isOver;
    private int _pushed;
    private long _logSize;
    private long _storedSize;

    public PushBatch(ServerFiles server, PushState state, PushEpochs epochs, WalPushOptions options, TimeProvider time)
    {
        (_server, _state, _epochs, _options, _time) = (server, state, epochs, options, time);
        _begun = time.GetTimestamp();
    }

    public int Pushed => Volatile.Read(ref _pushed);

    /// <summary>Bytes of log.</summary>
    public long LogSize => Interlocked.Read(ref _logSize);

    /// <summary>Bytes of ciphertext in one copy.</summary>
    public long StoredSize => Interlocked.Read(ref _storedSize);

    /// <exception cref="PgdrException">The first file is not durable.</exception>
    public async Task RunAsync(PushFile first, CancellationToken cancellationToken)
    {
        _taken.Add(first.Name);
        var asked = Task.Run(() => PutAsync(first, cancellationToken), cancellationToken);
        var others = Enumerable.Range(1, _options.Jobs - 1).Select(_ => Task.Run(() => PutOthersAsync(cancellationToken), cancellationToken)).ToList();
        try
        {
            await asked;
            await PutOthersAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                _isOver = true;
            }

            await Task.WhenAll(others);
        }
    }

    private async Task PutOthersAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && Take() is { } file)
        {
            try
            {
                await PutAsync(file, cancellationToken);
            }
            catch (Exception e) when (e is PgdrException or IOException or OperationCanceledException)
            {
                lock (_lock)
                {
                    _isOver = true;
                }
            }
        }
    }

    /// <summary>The next file that waits; those that came meanwhile count.</summary>
    private PushFile? Take()
    {
        lock (_lock)
        {
            if (_isOver || _taken.Count >= _options.Files || _time.GetElapsedTime(_begun) >= _options.Duration)
            {
                return null;
            }

            if (_next.Count == 0)
            {
                foreach (var ready in _server.Ready().Where(file => !_taken.Contains(file.Name) && _state.Find(file.Name, _server.SystemIdentifier) is null).Take(_options.Files))
                {
                    _next.Enqueue(ready);
                }
            }

            if (!_next.TryDequeue(out var next))
            {
                return null;
            }

            _taken.Add(next.Name);
            return next;
        }
    }

    private async Task PutAsync(PushFile file, CancellationToken cancellationToken)
    {
        var stamp = FileStamp.Of(file.Path);
        StoredWal stored;
        string hash;
        await using (var content = PushContent.Open(file, _server))
        {
            var writer = await _epochs.WriterAsync(file.Timeline, content.SegmentSize, content.Start, cancellationToken);
            stored = file.Form switch
            {
                PushForm.Segment => await writer.PutSegmentAsync(file.Name, content.Stream, cancellationToken),
                PushForm.PartialSegment => await writer.PutPartialAsync(file.Segment, content.End, content.Stream, cancellationToken),
                PushForm.BackupHistory => await writer.PutBackupHistoryAsync(file.Name, content.Stream, cancellationToken),
                _ => await writer.PutHistoryAsync(file.Timeline, content.Stream, cancellationToken),
            };
            Interlocked.Add(ref _logSize, (long)(content.End - content.Start));
            hash = content.Stream.Hash;
        }

        if (FileStamp.Of(file.Path) != stamp)
        {
            throw new PgdrException(ErrorCodes.ObjectDamaged, $"{file.Path} changed while it was archived: PostgreSQL asks again; when this happens twice, look at what writes to it.");
        }

        _state.Remember(file.Name, new DurableMark(stamp.ToString(), _server.SystemIdentifier, hash));
        Interlocked.Increment(ref _pushed);
        Interlocked.Add(ref _storedSize, stored.Size);
    }
}
