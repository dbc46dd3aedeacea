using BackupFunctions.Catalog;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Restore;

/// <summary>Which backup a recovery uses: the one that was named, else the newest that is VERIFIED or PROVEN (age before proof).</summary>
internal static class BackupChooser
{
    public static async Task<(StoredManifest Stored, BackupRecord Record)> ChooseAsync(
        StorageCatalog catalog, string database, string? backupId, CancellationToken cancellationToken, string? into = null)
    {
        if (backupId is not null)
        {
            var named = await catalog.FindAsync(backupId, cancellationToken)
                ?? throw new PgdrException(ErrorCodes.BackupUnknown, $"No target holds a backup {backupId}: 'pgdr backup list' shows what there is.");
            var record = await catalog.RecordAsync(named, cancellationToken);
            if (record.DeletedAt is { } deleted)
            {
                throw new PgdrException(
                    ErrorCodes.BackupUnknown, $"The data of backup {backupId} was deleted by retention on {deleted:yyyy-MM-dd}: 'pgdr backup list' shows what there is.");
            }

            if (named.Manifest.Base is not null)
            {
                throw new PgdrException(
                    ErrorCodes.BackupUnknown, $"Backup {backupId} is a base backup of {named.Manifest.Subject}, not a dump of '{database}': name a full backup.");
            }

            if (named.Manifest.Tenant is { } tenant && (into is null || string.Equals(into, named.Manifest.Database, StringComparison.Ordinal)))
            {
                throw new PgdrException(
                    ErrorCodes.BackupUnknown,
                    $"Backup {backupId} has tenant '{tenant.Id}' alone and must not take the place of database '{named.Manifest.Database}': restore it under another name with 'pgdr restore --to', or name a full backup.");
            }

            if (named.Manifest.ConfigurationOf is not null)
            {
                throw new PgdrException(
                    ErrorCodes.BackupUnknown, $"Backup {backupId} is the {named.Manifest.Subject}, not a dump of '{database}': 'pgdr config extract {backupId} FOLDER' shows it.");
            }

            return string.Equals(named.Manifest.Database, database, StringComparison.Ordinal)
                ? (named, record)
                : throw new PgdrException(
                    ErrorCodes.BackupUnknown, $"Backup {backupId} is of database '{named.Manifest.Database}', not of '{database}': name the right one.");
        }

        return await NewestAsync(catalog, database, cancellationToken);
    }

    /// <summary>Reads no further back than it has to: what else is in storage may be many backups of tenants.</summary>
    private static async Task<(StoredManifest Stored, BackupRecord Record)> NewestAsync(StorageCatalog catalog, string database, CancellationToken cancellationToken)
    {
        var scan = await catalog.ScanAsync(cancellationToken);
        var unreadable = scan.Away.Values.Select(cause => cause.Message).ToList();
        BackupRecord? newest = null;
        string? ofTenant = null;
        bool IsWanted(Manifest manifest)
        {
            if (manifest.Tenant is not null && string.Equals(manifest.Database, database, StringComparison.Ordinal))
            {
                ofTenant ??= manifest.BackupId;
            }

            return IsDumpOf(manifest, database);
        }

        await foreach (var entry in scan.ReadNewestFirstAsync(IsWanted, cancellationToken))
        {
            if (entry.Failure is { } failure)
            {
                unreadable.Add($"Backup {entry.BackupId}: {failure.Message}");
            }
            else if (entry is { Stored: { } stored, Record: { DeletedAt: null } record } && IsDumpOf(stored.Manifest, database))
            {
                newest ??= record;
                if (record.Status is BackupStatus.Verified or BackupStatus.Proven && record.Copies.Any(copy => copy is { Written: true, Error: null }))
                {
                    return (stored, record);
                }
            }
        }

        unreadable.Sort(StringComparer.Ordinal);
        throw new PgdrException(ErrorCodes.BackupUnknown, NoneFound(database, newest, ofTenant, unreadable));
    }

    private static bool IsDumpOf(Manifest manifest, string database) => manifest.Tenant is null && string.Equals(manifest.Database, database, StringComparison.Ordinal);

    private static string NoneFound(string database, BackupRecord? newest, string? ofTenant, IReadOnlyList<string> unreadable)
    {
        var unread = unreadable.Count > 0 ? $" Not everything could be read: {string.Join(" ", unreadable)}" : string.Empty;
        return newest is not null
            ? $"No backup of '{database}' is verified and has a copy that is not quarantined; the newest is {newest.BackupId} ({newest.Status.ToString().ToUpperInvariant()}): name it to use it all the same.{unread}"
            : ofTenant is not null
            ? $"No backup of the whole of '{database}' is in storage, only such as {ofTenant} of single tenants: name one of those to restore it under another name or to merge it.{unread}"
            : $"No backup of '{database}' is in storage: check the targets and CLUSTER_NAME.{unread}";
    }
}
