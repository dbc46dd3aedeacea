using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Storage.FanOut;

namespace BackupFunctions.Jobs.Wal;

/// <summary>The epoch that a receiver writes in, with its data key. Storage has it before the first object that the key opens.</summary>
internal sealed class OpenEpoch : IDisposable
{
    private OpenEpoch(WalEpoch document, DataKey key) => (Document, Key) = (document, key);

    public WalEpoch Document { get; }

    public DataKey Key { get; }

    /// <summary>Makes one and writes it to the targets.</summary>
    /// <param name="settings">Cluster, compression and the time.</param>
    /// <param name="keys">Who can open it, and who signs it.</param>
    /// <param name="system">The server.</param>
    /// <param name="start">Where the epoch begins, bytes.</param>
    /// <param name="timeline">Of the epoch.</param>
    /// <param name="ancestors">Of the timeline, oldest first.</param>
    /// <param name="gap">What is missing before it; null: nothing.</param>
    /// <param name="session">Takes the document and its signature.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Storage.StorageException">copies.missing: too few targets took it.</exception>
    public static async Task<OpenEpoch> CreateAsync(
        WalWriterSettings settings, WalWriterKeys keys, ReplicationSystem system, ulong start, int timeline, IReadOnlyList<TimelineSwitch> ancestors, WalGap? gap,
        FanOutSession session, CancellationToken cancellationToken)
    {
        var key = DataKey.Create();
        var document = new WalEpoch
        {
            Format = WalEpoch.CurrentFormat,
            Cluster = settings.Cluster,
            EpochId = BackupIds.New(settings.Time),
            SystemIdentifier = system.SystemIdentifier,
            StartedAt = settings.Time.GetUtcNow(),
            ServerVersionNumber = system.VersionNumber,
            Timeline = timeline,
            Ancestors = [.. ancestors.Select(ancestor => new WalAncestor(ancestor.Timeline, Lsn.Format(ancestor.EndLsn)))],
            StartLsn = Lsn.Format(start),
            Gap = gap,
            SegmentSize = system.SegmentSize,
            Compression = settings.Compression.Name,
            Encryption = Manifest.Aes256GcmHkdf1Mb,
            Recipients = [.. keys.Recipients.Select(recipient => recipient.Wrap(key))],
            SignedBy = keys.Signing.KeyId,
        };
        try
        {
            var signed = WalEpochCodec.Write(document, keys.Signing);
            await session.PutAllAsync(StorageKeys.WalEpochSignature(settings.Cluster, system.SystemIdentifier, document.EpochId), signed.Signature, cancellationToken);
            await session.PutAllAsync(StorageKeys.WalEpoch(settings.Cluster, system.SystemIdentifier, document.EpochId), signed.Json, cancellationToken);
            return new OpenEpoch(document, key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public void Dispose() => Key.Dispose();
}
