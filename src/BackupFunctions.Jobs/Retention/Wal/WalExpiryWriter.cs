using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Retention;
using BackupFunctions.Storage;
using BackupFunctions.Storage.FanOut;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Retention.Wal;

/// <summary>States on every target what of a server's log nothing needs, and what is about to be deleted.</summary>
internal sealed class WalExpiryWriter(string cluster, IReadOnlyList<IStorageTarget> targets, SigningKey key, TimeProvider time, ILogger logger)
{
    /// <exception cref="StorageException">copies.missing: a target does not take it, so nothing is deleted.</exception>
    public async Task WriteAsync(WalPlan plan, ServerExpiry server, CancellationToken cancellationToken)
    {
        var expiry = new WalExpiry
        {
            Format = WalExpiry.CurrentFormat,
            Cluster = cluster,
            SystemIdentifier = server.SystemId,
            Id = BackupIds.New(Next(server.NewestAt)),
            PreviousSha256 = server.Newest?.Sha256,
            SegmentSize = plan.SegmentSize,
            Expired = WalExpiryCodec.ListOf(plan.Expired),
            Deleted = WalExpiryCodec.ListOf(server.Newest is { } newest ? plan.Due.Or(newest.Deleted) : plan.Due),
            Epochs = [.. plan.ExpiredEpochs.Take(WalExpiryCodec.MostEpochs)],
            SignedBy = key.KeyId,
        };
        var document = WalExpiryCodec.Write(expiry, key);
        var session = new FanOutSession(targets, targets.Count, logger);
        await session.PutAllAsync(StorageKeys.WalExpirySignature(cluster, server.SystemId, expiry.Id), document.Signature, cancellationToken);
        await session.PutAllAsync(StorageKeys.WalExpiry(cluster, server.SystemId, expiry.Id), document.Json, cancellationToken);
    }

    /// <summary>Behind the newest, also where a clock went back: the newest is what counts.</summary>
    private DateTimeOffset Next(DateTimeOffset? newest) => newest is { } before && before >= time.GetUtcNow() ? before.AddMilliseconds(1) : time.GetUtcNow();
}
