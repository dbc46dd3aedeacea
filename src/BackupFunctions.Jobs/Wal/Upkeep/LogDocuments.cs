using System.Globalization;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal.Expiry;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>The signed documents beside a server's log.</summary>
internal sealed class LogDocuments(string cluster, ServerLog log, VerificationKeyRing keys)
{
    private const string SignatureEnding = ".sig";

    /// <summary>Those that a target does not hold, oldest first: epochs, without which nothing can be read, before inventories. What retention has let go is none of them.</summary>
    /// <param name="settledBefore">What is younger may be being written.</param>
    public IEnumerable<LogDocument> Lacking(DateTimeOffset settledBefore) =>
        Epochs(settledBefore).Concat(Inventories(settledBefore)).Concat(Expiries(settledBefore)).Where(document => document.Lacking.Count > 0);

    public LogDocument Epoch(string id)
    {
        var holders = log.Listed.Epochs.GetValueOrDefault(id, []);
        var signed = log.TargetsOf(log.Listed.EpochSignatures.GetValueOrDefault(id));
        return new LogDocument(
            $"epochs/{id}", StorageKeys.WalEpoch(cluster, log.System, id), StorageKeys.WalEpochSignature(cluster, log.System, id), WalEpochCodec.LargestSize,
            (json, signature) => WalEpochCodec.Read(json, signature, keys, cluster, log.System, id), [.. log.Targets.Where(target => !holders.Contains(target) || !signed.Contains(target))]);
    }

    private IEnumerable<LogDocument> Epochs(DateTimeOffset settledBefore) => log.Listed.Epochs.Keys
        .Where(id => BackupIds.TryGetTime(id, out var at) && at < settledBefore && !log.Expired.HasEpoch(id)).Order(StringComparer.Ordinal).Select(Epoch);

    private IEnumerable<LogDocument> Inventories(DateTimeOffset settledBefore)
    {
        foreach (var key in log.Listed.Inventories.Keys.Order(StringComparer.Ordinal))
        {
            var slash = key.IndexOf('/', StringComparison.Ordinal);
            if (slash == 8 && int.TryParse(key.AsSpan(0, slash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var timeline) && timeline > 0
                && WalInventoryName.TryParse(key.AsSpan(slash + 1), out var name) && !log.Expired.HasEpoch(name.Epoch) && Inventory(timeline, name, settledBefore) is { } document)
            {
                yield return document;
            }
        }
    }

    private IEnumerable<LogDocument> Expiries(DateTimeOffset settledBefore)
    {
        var folder = StorageKeys.WalOf(cluster, log.System);
        foreach (var id in WalExpiries.IdsOf(log.Listed).Where(id => BackupIds.TryGetTime(id, out var at) && at < settledBefore).Reverse())
        {
            var (key, signatureKey) = (StorageKeys.WalExpiry(cluster, log.System, id), StorageKeys.WalExpirySignature(cluster, log.System, id));
            var holders = log.Listed.Expiries.GetValueOrDefault(key[folder.Length..]).Targets & log.Listed.Expiries.GetValueOrDefault(signatureKey[folder.Length..]).Targets;
            yield return new LogDocument(
                key[folder.Length..], key, signatureKey, WalExpiryCodec.LargestSize,
                (json, signature) => WalExpiryCodec.Read(json, signature, keys, cluster, log.System, id), log.TargetsOf(~holders));
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
