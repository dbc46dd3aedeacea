using System.Globalization;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>The signed documents beside a server's log.</summary>
internal sealed class LogDocuments(string cluster, ServerLog log, VerificationKeyRing keys)
{
    private const string SignatureEnding = ".sig";

    /// <summary>Those that a target does not hold, oldest first: epochs, without which nothing can be read, before inventories.</summary>
    /// <param name="settledBefore">What is younger may be being written.</param>
    public IEnumerable<LogDocument> Lacking(DateTimeOffset settledBefore) =>
        Epochs(settledBefore).Concat(Inventories(settledBefore)).Where(document => document.Lacking.Count > 0);

    public LogDocument Epoch(string id)
    {
        var holders = log.Listed.Epochs.GetValueOrDefault(id, []);
        var signed = log.TargetsOf(log.Listed.EpochSignatures.GetValueOrDefault(id));
        return new LogDocument(
            $"epochs/{id}", StorageKeys.WalEpoch(cluster, log.System, id), StorageKeys.WalEpochSignature(cluster, log.System, id), WalEpochCodec.LargestSize,
            (json, signature) => WalEpochCodec.Read(json, signature, keys, cluster, log.System, id), [.. log.Targets.Where(target => !holders.Contains(target) || !signed.Contains(target))]);
    }

    private IEnumerable<LogDocument> Epochs(DateTimeOffset settledBefore) => log.Listed.Epochs.Keys
        .Where(id => BackupIds.TryGetTime(id, out var at) && at < settledBefore).Order(StringComparer.Ordinal).Select(Epoch);

    private IEnumerable<LogDocument> Inventories(DateTimeOffset settledBefore)
    {
        foreach (var key in log.Listed.Inventories.Keys.Order(StringComparer.Ordinal))
        {
            var slash = key.IndexOf('/', StringComparison.Ordinal);
            if (slash == 8 && int.TryParse(key.AsSpan(0, slash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var timeline) && timeline > 0
                && WalInventoryName.TryParse(key.AsSpan(slash + 1), out var name) && Inventory(timeline, name, settledBefore) is { } document)
            {
                yield return document;
            }
        }
    }

    private LogDocument? Inventory(int timeline, WalInventoryName name, DateTimeOffset settledBefore)
    {
        var key = StorageKeys.WalInventory(cluster, log.System, timeline, name);
        var signatureKey = StorageKeys.WalInventorySignature(cluster, log.System, timeline, name);
        var folder = StorageKeys.WalOf(cluster, log.System);
        var holders = log.Listed.Inventories.GetValueOrDefault(key[folder.Length..]);
        var signed = log.Listed.Inventories.GetValueOrDefault(Path.ChangeExtension(key[folder.Length..], SignatureEnding));
        return holders.At >= settledBefore
            ? null
            : new LogDocument(
                key[folder.Length..], key, signatureKey, WalInventoryCodec.LargestSize,
                (json, signature) => WalInventoryCodec.Read(json, signature, keys, cluster, log.System, timeline, name), log.TargetsOf(~(holders.Targets & signed.Targets)));
    }
}
