using BackupFunctions.Archive.Keys;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Failover;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Wal;

/// <summary>One server's archived log, opened for a recovery.</summary>
public sealed class LogReader : IAsyncDisposable
{
    private readonly WalReader _reader;

    private readonly WalStorageSource _source;

    private LogReader(StoredLog log, WalReader reader, WalStorageSource source) => (Log, _reader, _source) = (log, reader, source);

    public StoredLog Log { get; }

    /// <summary>What a recovering server's files come from.</summary>
    public Postgres.Recovery.IWalSource Source => _source;

    /// <summary>This recovery may end at a position although the log has a hole there: what it needs is known to lie before it.</summary>
    internal void MayEndAt(ulong position) => _source.MayEndAt = position;

    /// <param name="cluster">Whose.</param>
    /// <param name="systemIdentifier">The server; null: the only one whose log storage has.</param>
    /// <param name="targets">In reading order.</param>
    /// <param name="verificationKeys">Epochs are signed by one of them.</param>
    /// <param name="privateKeys">Open the epochs.</param>
    /// <param name="folder">For what is fetched ahead; private, on the file system of the data directory.</param>
    /// <param name="ahead">Segments fetched before they are asked for.</param>
    /// <param name="toTheEnd">Whoever reads ends where the log ends: one that was longer once is an error.</param>
    /// <param name="loggers">The log.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PgdrException">wal.missing: there is none; settings.invalid: there is log of several servers and none was named.</exception>
    public static async Task<LogReader> OpenAsync(
        string cluster, string? systemIdentifier, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing verificationKeys, PrivateKeyRing privateKeys,
        string folder, int ahead, bool toTheEnd, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var system = systemIdentifier ?? await OnlyServerAsync(cluster, targets, verificationKeys, cancellationToken);

        // One copy is enough to recover from.
        var log = await StoredLog.ReadAsync(cluster, system, targets, requiredCopies: 1, verificationKeys, cancellationToken);
        var failover = new FailoverReader(targets, new FailoverReaderOptions(), loggers.CreateLogger<FailoverReader>());
        var reader = new WalReader(cluster, system, targets, verificationKeys, privateKeys, failover);
        return new LogReader(log, reader, new WalStorageSource(reader, folder, log, toTheEnd, ahead));
    }

    internal static async Task<string> OnlyServerAsync(string cluster, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys, CancellationToken cancellationToken) =>
        await new WalEpochs(cluster, targets, keys).ServersAsync(cancellationToken) switch
        {
            [var only] => only,
            [] => throw new PgdrException(ErrorCodes.WalMissing, "Storage has no write-ahead log: 'pgdr wal receive' archives it."),
            var all => throw new PgdrException(ErrorCodes.InvalidSettings, $"Storage has the log of several servers: name one of {string.Join(", ", all)} with --system."),
        };

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _reader.Dispose();
    }
}
