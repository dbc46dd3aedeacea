using System.Collections.Concurrent;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Recovery;

namespace BackupFunctions.Jobs.Wal;

/// <summary>
/// Log from storage for a recovering server. The next segments are fetched while the server replays one. A segment that is not there although
/// log behind it is, or once was, is a hole, and ends the recovery.
/// </summary>
internal sealed class WalStorageSource : IWalSource, IAsyncDisposable
{
    public const int DefaultAhead = 4;

    private readonly WalReader _reader;
    private readonly string _folder;
    private readonly StoredLog _log;
    private readonly int _segmentSize;
    private readonly int _ahead;
    private readonly bool _toTheEnd;
    private readonly ConcurrentDictionary<string, Task<WalFile?>> _fetching = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopped = new();

    /// <param name="reader">Of the server.</param>
    /// <param name="folder">For what was fetched ahead; private, on the file system of the data directory.</param>
    /// <param name="log">Where it has holes, and how far it went.</param>
    /// <param name="toTheEnd">Nobody else checks where the server stops: the beginning of a segment that was longer once is an error.</param>
    /// <param name="ahead">Segments fetched before they are asked for.</param>
    public WalStorageSource(WalReader reader, string folder, StoredLog log, bool toTheEnd, int ahead = DefaultAhead)
    {
        (_reader, _folder, _log, _toTheEnd, _ahead) = (reader, folder, log, toTheEnd, ahead);
        _segmentSize = log.NewestEpoch.SegmentSize;
    }

    /// <summary>A position at which this recovery may end although the log has a hole there; null: nowhere.</summary>
    public ulong? MayEndAt { get; set; }

    public async Task<bool> FetchAsync(string file, string destination, CancellationToken cancellationToken)
    {
        if (WalSegmentName.IsHistory(file) || WalSegmentName.IsBackupHistory(file))
        {
            return await _reader.FetchAsync(file, destination, withPartial: false, cancellationToken) is not null;
        }

        if (!WalSegmentName.IsValid(file))
        {
            return false;
        }

        var timeline = WalSegmentName.TimelineOf(file);
        var start = WalSegmentName.StartOf(file, _segmentSize);
        if (await TakeAsync(file, timeline, start, destination, cancellationToken))
        {
            FetchAhead(timeline, start);
            return true;
        }

        if (_log.Expired.Spans.Holds(timeline, start, start))
        {
            return start >= MayEndAt || IsBehindSwitch(timeline, start)
                ? false
                : throw new PgdrException(
                    ErrorCodes.WalMissing,
                    $"Segment {file} was let go by retention, since no base backup that stays needs it: the newest point that can be reached is {Lsn.Format(start)}; recover to that, or from a base backup behind it ('pgdr wal status' shows the windows).");
        }

        return start >= _log.KnownEnd(timeline) || start >= MayEndAt
            ? false
            : throw new PgdrException(
                ErrorCodes.WalMissing,
                $"Segment {file} is missing on every target although log behind it was archived: the newest point that can be reached is {Lsn.Format(start)}; recover to that, or from a base backup behind the hole.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await ((Task)Task.WhenAll(_fetching.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopped.Dispose();
    }

    private async Task<bool> TakeAsync(string file, int timeline, ulong start, string destination, CancellationToken cancellationToken)
    {
        if (_fetching.TryRemove(file, out var fetching) && await fetching is not null)
        {
            File.Move(Path.Combine(_folder, file), destination, overwrite: true);
            return true;
        }

        var fetched = await _reader.FetchAsync(file, destination, IsLast(timeline, start), cancellationToken);
        if (_toTheEnd && fetched?.Name.End is { } end && end < _log.KnownEnd(timeline))
        {
            File.Delete(destination);
            throw new PgdrException(
                ErrorCodes.WalMissing,
                $"Segment {file} was archived up to {Lsn.Format(_log.KnownEnd(timeline))}, and every target has it up to {Lsn.Format(end)} only: that is the newest point that can be reached; recover to it with 'pgdr recover --lsn'.");
        }

        return fetched is not null;
    }

    /// <summary>What fails here is tried again, and said, when the server asks for it.</summary>
    private void FetchAhead(int timeline, ulong start)
    {
        for (var next = 1; next <= _ahead; next++)
        {
            var position = start + ((ulong)next * (ulong)_segmentSize);
            if (!_log.LastSegments.TryGetValue(timeline, out var last) || position > last)
            {
                return;
            }

            var file = WalSegmentName.Of(timeline, position, _segmentSize);
            _ = _fetching.GetOrAdd(file, name => Task.Run(async () =>
            {
                try
                {
                    return await _reader.FetchAsync(name, Path.Combine(_folder, name), IsLast(timeline, position), _stopped.Token);
                }
                catch (Exception e) when (e is PgdrException or OperationCanceledException or IOException)
                {
                    return null;
                }
            }));
        }
    }

    /// <summary>A server that is at the end of its timeline asks for the segment of the parent, too: that is not on its way.</summary>
    private bool IsBehindSwitch(int timeline, ulong start) =>
        _log.NewestEpoch.Ancestors.FirstOrDefault(ancestor => ancestor.Timeline == timeline) is { } parent && start > Lsn.Parse(parent.EndLsn);

    /// <summary>
    /// Only the last segment before the end, or before a hole, may be a partial one. Whoever does not check where it stops gets one at the
    /// very end alone: elsewhere it would be a shorter history.
    /// </summary>
    private bool IsLast(int timeline, ulong start) => _log.LastSegments.TryGetValue(timeline, out var last)
        && (start == last || (!_toTheEnd && _log.Find(timeline, start)?.End < start + (ulong)_segmentSize));
}
