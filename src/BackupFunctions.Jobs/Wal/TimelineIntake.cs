using System.Threading.Channels;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Wal.Inventories;
using BackupFunctions.Postgres.Replication;

namespace BackupFunctions.Jobs.Wal;

/// <summary>
/// Takes the log of one timeline as it arrives, archives whole segments side by side, and the beginning of the last one whenever it has
/// grown and an interval has passed. The server is told of a position when everything before it is safe, in order.
/// </summary>
internal sealed class TimelineIntake
{
    /// <summary>Segments being archived at a time: their spool is what a slow target costs in disk space.</summary>
    private const int Parallelism = 4;

    private readonly TimelineIntakeSettings _settings;
    private readonly WalWriter _writer;
    private readonly EpochInventory _inventory;
    private readonly WalPatience _patience;
    private readonly IJobReporter _reporter;
    private readonly Func<ulong, CancellationToken, Task> _confirm;
    private readonly Channel<Task<ArchivedSegment>> _archiving = Channel.CreateBounded<Task<ArchivedSegment>>(Parallelism);
    private readonly Lock _lock = new();
    private SegmentSpool? _current;
    private ulong _durable;

    /// <param name="settings">Where and how.</param>
    /// <param name="writer">Archives.</param>
    /// <param name="inventory">Learns of everything that is archived, in order.</param>
    /// <param name="patience">Tries again what targets did not take.</param>
    /// <param name="reporter">Learns of every byte that is safe.</param>
    /// <param name="confirm">Tells the server.</param>
    public TimelineIntake(
        TimelineIntakeSettings settings, WalWriter writer, EpochInventory inventory, WalPatience patience, IJobReporter reporter,
        Func<ulong, CancellationToken, Task> confirm)
    {
        (_settings, _writer, _inventory, _patience, _reporter, _confirm) = (settings, writer, inventory, patience, reporter, confirm);
        _durable = settings.Start;
    }

    public WalCounts Counts { get; } = new();

    /// <summary>Everything before it is safe, bytes.</summary>
    public ulong Safe => _durable;

    /// <param name="data">From the start of a segment on.</param>
    /// <param name="cancellationToken">Ends it; what was confirmed stays safe.</param>
    /// <returns>The position up to which everything is safe: the end of the data, or what was asked for.</returns>
    public async Task<ulong> RunAsync(IAsyncEnumerable<WalData> data, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var receiving = ReceiveAsync(data, stop.Token);
        try
        {
            await ArchiveAsync(receiving, stop.Token);
            if (!IsDone)
            {
                await receiving;
                await PutPartialAsync(stop.Token);
            }

            return _durable;
        }
        finally
        {
            await stop.CancelAsync();
            await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await DrainAsync();
            _current?.Dispose();
        }
    }

    private bool IsDone => _settings.Until is { } until && _durable >= until;

    private async Task ReceiveAsync(IAsyncEnumerable<WalData> data, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var piece in data.WithCancellation(cancellationToken))
            {
                for (var at = 0; at < piece.Bytes.Length;)
                {
                    at += Add(piece.Start + (ulong)at, piece.Bytes.Span[at..]);
                    if (_current!.IsWhole)
                    {
                        await HandOverAsync(cancellationToken);
                    }
                }
            }
        }
        finally
        {
            _archiving.Writer.TryComplete();
        }
    }

    private int Add(ulong position, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _current ??= new SegmentSpool(_settings.Folder, _settings.Timeline, position, _settings.SegmentSize);
            return _current.Add(bytes);
        }
    }

    private async Task HandOverAsync(CancellationToken cancellationToken)
    {
        await _archiving.Writer.WaitToWriteAsync(cancellationToken);
        SegmentSpool whole;
        lock (_lock)
        {
            whole = _current!;
            _current = null;
        }

        await _archiving.Writer.WriteAsync(Task.Run(() => PutSegmentAsync(whole, cancellationToken), CancellationToken.None), CancellationToken.None);
    }

    private async Task<ArchivedSegment> PutSegmentAsync(SegmentSpool segment, CancellationToken cancellationToken)
    {
        using (segment)
        {
            var stored = await _patience.TryAsync(
                async token =>
                {
                    await using var plain = segment.OpenUntil(segment.End);
                    return await _writer.PutSegmentAsync(segment.Name, plain, token);
                },
                cancellationToken);
            Counts.AddSegment(stored.Size);
            return new ArchivedSegment(stored, segment.Start, segment.End);
        }
    }

    /// <summary>Until the data ends, or what was asked for is safe.</summary>
    private async Task ArchiveAsync(Task receiving, CancellationToken cancellationToken)
    {
        while (!IsDone)
        {
            var more = _archiving.Reader.WaitToReadAsync(cancellationToken).AsTask();
            await Task.WhenAny(more, receiving, Task.Delay(_settings.PartialInterval, _settings.Time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            var any = false;
            while (_archiving.Reader.TryRead(out var archived))
            {
                any = true;
                await SafeAsync(await archived, cancellationToken);
            }

            await _patience.TryAsync(token => _inventory.WriteWhenDueAsync(_durable, token), cancellationToken);
            if (receiving.IsCompleted && !_archiving.Reader.TryPeek(out _))
            {
                return;
            }

            if (!any && IsPartialDue())
            {
                await PutPartialAsync(cancellationToken);
            }
        }
    }

    private bool IsPartialDue()
    {
        lock (_lock)
        {
            return _current is { } current && (_settings.Until is not { } until || current.End >= until);
        }
    }

    private async Task PutPartialAsync(CancellationToken cancellationToken)
    {
        SegmentSpool? current;
        ulong end;
        lock (_lock)
        {
            current = _current;
            end = current?.End ?? 0;
        }

        if (current is null || end <= _durable)
        {
            return;
        }

        var stored = await _patience.TryAsync<StoredWal?>(
            async token =>
            {
                await using var plain = Open(current, end);
                return plain is null ? null : await _writer.PutPartialAsync(current.Name, end, plain, token);
            },
            cancellationToken);
        if (stored is not null)
        {
            Counts.AddPartial(stored.Size);
            await SafeAsync(new ArchivedSegment(stored, current.Start, end), cancellationToken);
        }
    }

    /// <summary>Null: the segment has become whole meanwhile and is archived as such.</summary>
    private Stream? Open(SegmentSpool segment, ulong end)
    {
        lock (_lock)
        {
            return ReferenceEquals(segment, _current) ? segment.OpenUntil(end) : null;
        }
    }

    private async Task SafeAsync(ArchivedSegment archived, CancellationToken cancellationToken)
    {
        _inventory.Add(archived.Stored, archived.Start, archived.End);
        if (archived.End is var position && position > _durable)
        {
            Counts.AddLog((long)(position - _durable));
            _durable = position;
            _reporter.Detail($"safe up to {Archive.Wal.Lsn.Format(position)} of timeline {_settings.Timeline}");
            await _confirm(position, cancellationToken);
        }
    }

    /// <summary>Segments that nobody waits for any more end with their own cancellation.</summary>
    private async Task DrainAsync()
    {
        while (_archiving.Reader.TryRead(out var archived))
        {
            await ((Task)archived).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
