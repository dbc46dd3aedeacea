using System.Globalization;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Manifests;

/// <summary>Where everything lies in a target. Every part of a key is checked, so that no key leaves its folder.</summary>
public static class StorageKeys
{
    public const string RecoveryKitFolder = "recovery-kit/";

    private const string StatementTimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    /// <returns>cluster/backups/ : one folder each backup, in order of time.</returns>
    public static string Backups(string cluster) => $"{ClusterNames.Require(cluster)}/backups/";

    /// <returns>cluster/backups/id/</returns>
    public static string Backup(string cluster, string backupId) => $"{Backups(cluster)}{RequireId(backupId)}/";

    public static string Manifest(string cluster, string backupId) => Backup(cluster, backupId) + "manifest.json";

    public static string ManifestSignature(string cluster, string backupId) => Backup(cluster, backupId) + "manifest.sig";

    /// <param name="objectName">See <see cref="ObjectNames"/>.</param>
    public static string Object(string cluster, string backupId, string objectName) =>
        ObjectNames.IsValid(objectName)
            ? Backup(cluster, backupId) + objectName
            : throw new ArgumentException("Not a valid object name.", nameof(objectName));

    /// <returns>cluster/statements/id/ : what became known of a backup later.</returns>
    public static string Statements(string cluster, string backupId) =>
        $"{AllStatements(cluster)}{RequireId(backupId)}/";

    /// <returns>cluster/statements/ : one folder each backup.</returns>
    public static string AllStatements(string cluster) => $"{ClusterNames.Require(cluster)}/statements/";

    /// <returns>cluster/leases/ : one folder each backup that is being read.</returns>
    public static string AllLeases(string cluster) => $"{ClusterNames.Require(cluster)}/leases/";

    /// <param name="holder">Who reads it: a-z, A-Z, 0-9 and '-'.</param>
    public static string Lease(string cluster, string backupId, string holder) => $"{AllLeases(cluster)}{RequireId(backupId)}/{holder}";

    public static string Statement(Statement statement) => StatementBase(statement) + ".json";

    public static string StatementSignature(Statement statement) => StatementBase(statement) + ".sig";

    /// <returns>cluster/wal/ : one folder each server, by its system identifier.</returns>
    public static string Wal(string cluster) => $"{ClusterNames.Require(cluster)}/wal/";

    /// <param name="systemIdentifier">Of pg_control: digits.</param>
    /// <returns>cluster/wal/system id/</returns>
    public static string WalOf(string cluster, string systemIdentifier) => $"{Wal(cluster)}{RequireSystem(systemIdentifier)}/";

    /// <returns>cluster/wal/system id/epochs/ : one document and its signature each start of a receiver.</returns>
    public static string WalEpochs(string cluster, string systemIdentifier) => WalOf(cluster, systemIdentifier) + "epochs/";

    /// <param name="epoch">Its id.</param>
    public static string WalEpoch(string cluster, string systemIdentifier, string epoch) => $"{WalEpochs(cluster, systemIdentifier)}{RequireId(epoch)}.json";

    public static string WalEpochSignature(string cluster, string systemIdentifier, string epoch) => $"{WalEpochs(cluster, systemIdentifier)}{RequireId(epoch)}.sig";

    /// <returns>cluster/wal/system id/expiry/ : what retention states of the log, in order of time.</returns>
    public static string WalExpiries(string cluster, string systemIdentifier) => WalOf(cluster, systemIdentifier) + "expiry/";

    /// <param name="id">Of the statement.</param>
    public static string WalExpiry(string cluster, string systemIdentifier, string id) => $"{WalExpiries(cluster, systemIdentifier)}{RequireId(id)}.json";

    public static string WalExpirySignature(string cluster, string systemIdentifier, string id) => $"{WalExpiries(cluster, systemIdentifier)}{RequireId(id)}.sig";

    /// <returns>cluster/wal/system id/timeline/ : the timeline's log, its timeline as eight hexadecimal digits.</returns>
    public static string WalTimeline(string cluster, string systemIdentifier, int timeline)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeline, 1);
        return string.Create(CultureInfo.InvariantCulture, $"{WalOf(cluster, systemIdentifier)}{timeline:X8}/");
    }

    public static string WalInventory(string cluster, string systemIdentifier, int timeline, WalInventoryName name) =>
        $"{WalTimeline(cluster, systemIdentifier, timeline)}{name}.json";

    public static string WalInventorySignature(string cluster, string systemIdentifier, int timeline, WalInventoryName name) =>
        $"{WalTimeline(cluster, systemIdentifier, timeline)}{name}.sig";

    public static string WalObject(string cluster, string systemIdentifier, WalObjectName name) => WalTimeline(cluster, systemIdentifier, name.Timeline) + name;

    public static string RecoveryKit(string fileName) => RecoveryKitFolder + fileName;

    private static string StatementBase(Statement statement)
    {
        var time = statement.At.UtcDateTime.ToString(StatementTimeFormat, CultureInfo.InvariantCulture);
        return $"{Statements(statement.Cluster, statement.BackupId)}{time}-{statement.Kind.ToString().ToLowerInvariant()}";
    }

    private static string RequireSystem(string identifier) =>
        identifier.Length is > 0 and <= 20 && identifier.All(char.IsAsciiDigit) ? identifier : throw new ArgumentException("Not a system identifier.", nameof(identifier));

    private static string RequireId(string backupId) =>
        BackupIds.IsValid(backupId) ? backupId : throw new ArgumentException("Not a valid backup id.", nameof(backupId));
}
