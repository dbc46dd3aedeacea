using BackupFunctions.Catalog;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;

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

        var listing = await catalog.ListAsync(cancellationToken);
        var own = listing.Backups.Where(backup => backup.Tenant is null && string.Equals(backup.Database, database, StringComparison.Ordinal)).ToList();
        var good = own.FirstOrDefault(backup =>
            backup.Status is BackupStatus.Verified or BackupStatus.Proven && backup.Copies.Any(copy => copy is { Written: true, Error: null }));
        if (good is null)
        {
            throw new PgdrException(ErrorCodes.BackupUnknown, NoneFound(database, own, listing.Unreadable));
        }

        return ((await catalog.FindAsync(good.BackupId, cancellationToken))!, good);
    }

    private static string NoneFound(string database, IReadOnlyList<BackupRecord> own, IReadOnlyList<string> unreadable)
    {
        var unread = unreadable.Count > 0 ? $" Not everything could be read: {string.Join(" ", unreadable)}" : string.Empty;
        return own.Count > 0
            ? $"No backup of '{database}' is verified and has a copy that is not quarantined; the newest is {own[0].BackupId} ({own[0].Status.ToString().ToUpperInvariant()}): name it to use it all the same.{unread}"
            : $"No backup of '{database}' is in storage: check the targets and CLUSTER_NAME.{unread}";
    }
}
