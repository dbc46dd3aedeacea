using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Retention.Wal;

/// <summary>Reads the signed documents that say what size segments have and where timelines come from.</summary>
internal sealed class EpochReader(string cluster, VerificationKeyRing keys)
{
    /// <summary>Bytes; an ECDSA P-256 signature in DER form has 72 at most.</summary>
    private const int LargestSignature = 1024;

    /// <returns>The epoch, or why no target gives it in good order.</returns>
    public async Task<(WalEpoch? Epoch, string? WhyNot)> ReadAsync(
        string systemId, string epochId, IReadOnlyList<IStorageTarget> holders, CancellationToken cancellationToken)
    {
        var whyNot = "no target holds it";
        foreach (var target in holders)
        {
            try
            {
                var json = await SmallObject.ReadAsync(target, StorageKeys.WalEpoch(cluster, systemId, epochId), WalEpochCodec.LargestSize, cancellationToken);
                var signature = await SmallObject.ReadAsync(target, StorageKeys.WalEpochSignature(cluster, systemId, epochId), LargestSignature, cancellationToken);
                if (json is not null && signature is not null)
                {
                    return (WalEpochCodec.Read(json, signature, keys, cluster, systemId, epochId), null);
                }

                whyNot = $"target '{target.Name}' has it without its signature";
            }
            catch (Exception e) when (e is PgdrException or IOException)
            {
                whyNot = e.Message;
            }
        }

        return (null, whyNot);
    }
}
