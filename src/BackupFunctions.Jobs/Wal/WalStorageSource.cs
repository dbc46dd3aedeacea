using System.Collections.Concurrent;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Recovery;

namespace BackupFunctions.Jobs.Wal;

/// <summary>
/// Log from storage for a recovering server. The next segments are fetched while the server replays one. A segment that is not there although
/// later ones of its timeline are is a hole, and ends the recovery.
/// </summary>
internal sealed class WalStorageSource : IWalSource, IAsyncDisposable
{
    public const int DefaultAhead = 4;

    private readonly WalReader _reader;
    private readonly string _folder;
    private readonly int _segmentSize;
    private readonly int _ahead;
    private readonly IReadOnlyDictionary<int, ulong> _lastSegments;
    private readonly ConcurrentDictionary<string, Task<WalFile?>> _fetching = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopped = new();

    /// <param name="reader">Of the server.</param>
    /// <param name="folder">For what was fetched ahead; private, on the file system of the data directory.</param>
    /// <param name="segmentSize">Bytes.</param>
    /// <param name="lastSegments">Start of the last segment that storage has, whole or partial, by timeline.</param>
    /// <param name="ahead">Segments fetched before they are asked for.</param>
    public WalStorageSource(WalReader reader, string folder, int segmentSize, IReadOnlyDictionary<int, ulong> lastSegments, int ahead = DefaultAhead) =>
        (_reader, _folder, _segmentSize, _lastSegments, _ahead) = (reader, folder, segmentSize, lastSegments, ahead);

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

        return !_lastSegments.TryGetValue(timeline, out var last) || start > last
            ? false
            : throw new PgdrException(
                ErrorCodes.WalMissing,
                $"Segment {file} is missing on every target although storage has later ones (up to {WalSegmentName.Of(timeline, last, _segmentSize)}): the newest point that can be reached is {Lsn.Format(start)}; recover to that, or from a base backup behind the hole.");
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

        return await _reader.FetchAsync(file, destination, IsLast(timeline, start), cancellationToken) is not null;
    }

    /// <summary>What fails here is tried again, and said, when the server asks for it.</summary>
    private void FetchAhead(int timeline, ulong start)
    {
        for (var next = 1; next <= _ahead; next++)
        {
            var position = start + ((ulong)next * (ulong)_segmentSize);
            if (!_lastSegments.TryGetValue(timeline, out var last) || position > last)
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

    /// <summary>Only the last segment may be a partial one: elsewhere it would be a hole.</summary>
    private bool IsLast(int timeline, ulong start) => _lastSegments.TryGetValue(timeline, out var last) && start == last;
}
