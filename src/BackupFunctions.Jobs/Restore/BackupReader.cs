using BackupFunctions.Archive.Keys;
using BackupFunctions.Catalog;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Failover;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Restore;

/// <summary>What it takes to read backups: targets in reading order, pinned verification keys, private keys.</summary>
public sealed class BackupReader : IDisposable
{
    public BackupReader(string cluster, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing verificationKeys, PrivateKeyRing privateKeys)
    {
        Cluster = cluster;
        Targets = targets;
        PrivateKeys = privateKeys;
        VerificationKeys = verificationKeys;
        Catalog = new StorageCatalog(cluster, targets, verificationKeys);
    }

    public string Cluster { get; }

    public IReadOnlyList<IStorageTarget> Targets { get; }

    public PrivateKeyRing PrivateKeys { get; }

    public VerificationKeyRing VerificationKeys { get; }

    public StorageCatalog Catalog { get; }

    /// <summary>Which targets failed of late; null: not known from earlier jobs.</summary>
    public ITargetHealthStore? Health { get; init; }

    public static BackupReader FromSettings(JobEnvironment environment) => new(
        environment.Settings.ClusterName,
        environment.OpenTargets(),
        KeyLoader.Verification(environment.Settings.Keys),
        KeyLoader.Private(environment.Settings.Keys))
    {
        Health = new TargetHealthFile(
            Path.Combine(environment.Settings.RunStorePath, "target-health.json"), environment.Loggers.CreateLogger<TargetHealthFile>()),
    };

    /// <summary>The same with its targets in another order; it has no keys of its own to dispose of.</summary>
    /// <param name="order">Names, the first to read from first; those not named come after. Null: as they are.</param>
    internal BackupReader InOrder(IReadOnlyList<string>? order)
    {
        List<string> ranks = [.. order ?? []];
        IStorageTarget[] targets = [.. Targets.OrderBy(target => ranks.IndexOf(target.Name) is >= 0 and var rank ? rank : int.MaxValue)];
        return new BackupReader(Cluster, targets, VerificationKeys, PrivateKeys) { Health = Health };
    }

    public void Dispose() => PrivateKeys.Dispose();
}
