using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Storage.FanOut;

namespace BackupFunctions.Jobs.Wal.Inventories;

/// <summary>
/// The inventories of one epoch: what was archived, in order, and up to which time of the server that is everything. They only add proof,
/// so a position may be confirmed to the server before its inventory is written. For one thread at a time.
/// </summary>
internal sealed class EpochInventory
{
    private readonly WalEpoch _epoch;
    private readonly WalWriterSettings _settings;
    private readonly WalWriterKeys _keys;
    private readonly InventoryPace _pace;
    private readonly Func<CancellationToken, Task<ServerMoment?>> _look;
    private readonly Func<FanOutSession> _session;
    private readonly PendingObjects _pending = new();
    private ServerMoment? _moment;
    private (WalInventoryName Name, SignedDocument Document)? _unsent;
    private string? _previous;
    private int _sequence;
    private long _lastWritten;
    private long _lastLook;

    /// <param name="epoch">Whose.</param>
    /// <param name="settings">Cluster and the clock.</param>
    /// <param name="keys">Who signs.</param>
    /// <param name="moment">Where the server was before it was asked how far this run shall go; null: not known.</param>
    /// <param name="pace">How often.</param>
    /// <param name="look">Asks the server where it is now.</param>
    /// <param name="session">A new one for each attempt.</param>
    public EpochInventory(
        WalEpoch epoch, WalWriterSettings settings, WalWriterKeys keys, ServerMoment? moment, InventoryPace pace,
        Func<CancellationToken, Task<ServerMoment?>> look, Func<FanOutSession> session)
    {
        (_epoch, _settings, _keys, _pace, _look, _session) = (epoch, settings, keys, pace, look, session);
        _moment = Own(moment);
        _lastLook = _lastWritten = settings.Time.GetTimestamp();
    }

    /// <param name="stored">In the order of positions.</param>
    /// <param name="start">Its first byte.</param>
    /// <param name="end">Behind its last byte.</param>
    public void Add(StoredWal stored, ulong start, ulong end) => _pending.Add(stored, start, end);

    /// <summary>Writes one when it is time to.</summary>
    /// <param name="archived">Everything before it is, bytes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Storage.StorageException">copies.missing: too few targets took it; the next attempt writes the same bytes.</exception>
    public async Task WriteWhenDueAsync(ulong archived, CancellationToken cancellationToken)
    {
        var isFirst = _sequence == 0 && _moment is not null;
        var isLate = _settings.Time.GetElapsedTime(_lastWritten) >= _pace.Interval;
        if (isLate && _moment is null && _settings.Time.GetElapsedTime(_lastLook) >= _pace.Interval)
        {
            _moment = Own(await LookAsync(cancellationToken));
        }

        var isDue = _moment is null ? isLate && _pending.Count > 0 : (isFirst || isLate) && IsCovered(archived);
        if (_unsent is not null || _pending.Count >= _pace.Objects || isDue)
        {
            await WriteAsync(archived, cancellationToken);
        }
    }

    /// <summary>The last one of this epoch; nothing when there is nothing to say.</summary>
    /// <exception cref="Storage.StorageException">copies.missing.</exception>
    public async Task CloseAsync(ulong archived, CancellationToken cancellationToken)
    {
        while (_unsent is not null || _pending.Count > 0 || IsCovered(archived))
        {
            await WriteAsync(archived, cancellationToken);
        }
    }

    private bool IsCovered(ulong archived) => _moment is { } moment && moment.FlushedLsn <= archived;

    private async Task WriteAsync(ulong archived, CancellationToken cancellationToken)
    {
        var (name, document) = _unsent ??= Sign(archived);
        var (cluster, system) = (_settings.Cluster, _epoch.SystemIdentifier);
        var session = _session();
        await session.PutAllAsync(StorageKeys.WalInventorySignature(cluster, system, _epoch.Timeline, name), document.Signature, cancellationToken);
        await session.PutAllAsync(StorageKeys.WalInventory(cluster, system, _epoch.Timeline, name), document.Json, cancellationToken);
        (_unsent, _previous, _sequence) = (null, document.Sha256, name.Sequence);
        _lastWritten = _settings.Time.GetTimestamp();
    }

    private (WalInventoryName Name, SignedDocument Document) Sign(ulong archived)
    {
        var objects = _pending.Take();
        var end = _pending.Count > 0 ? Lsn.Parse(objects[^1].EndLsn) : archived;
        WalCoverage? covered = null;
        if (IsCovered(end))
        {
            covered = new WalCoverage(_moment!.At, Lsn.Format(_moment.FlushedLsn));
            _moment = null;
        }

        var inventory = new WalInventory
        {
            Format = WalInventory.CurrentFormat,
            Cluster = _settings.Cluster,
            SystemIdentifier = _epoch.SystemIdentifier,
            Timeline = _epoch.Timeline,
            EpochId = _epoch.EpochId,
            Sequence = _sequence + 1,
            PreviousSha256 = _previous,
            WrittenAt = _settings.Time.GetUtcNow(),
            EndLsn = Lsn.Format(end),
            Objects = objects,
            Covered = covered,
            SignedBy = _keys.Signing.KeyId,
        };
        return (WalInventoryCodec.NameOf(inventory), WalInventoryCodec.Write(inventory, _keys.Signing));
    }

    /// <summary>Positions of another server or timeline are none of this log.</summary>
    private ServerMoment? Own(ServerMoment? moment) =>
        moment is not null && moment.Timeline == _epoch.Timeline && string.Equals(moment.SystemIdentifier, _epoch.SystemIdentifier, StringComparison.Ordinal) ? moment : null;

    /// <summary>A server that does not answer ends the stream of its log, too: that is said there.</summary>
    private async Task<ServerMoment?> LookAsync(CancellationToken cancellationToken)
    {
        _lastLook = _settings.Time.GetTimestamp();
        try
        {
            return await _look(cancellationToken);
        }
        catch (PgdrException)
        {
            return null;
        }
    }
}
